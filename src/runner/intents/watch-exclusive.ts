import { isOn, readVariable } from '../../env.ts';
import { ownName } from '../../own-name.ts';
import { hasFlag } from '../../policy/own-arguments.ts';
import { runsNoTests } from '../../policy/runner-call.ts';
import { readVitestCommand } from '../../policy/vitest-command.ts';
import { findPackage } from '../find-runner.ts';
import { namesWorkers, shapeWorkers, type WorkerLimits } from '../shape.ts';
import { shapeVitest } from '../shape-vitest.ts';
import { type IntentEntry, packageNotInstalled, type RunSituation } from './intent.ts';
import { jestWorkers } from './jest.ts';

/** One worker, whatever number the caller names. */
function alone({ limits }: RunSituation): WorkerLimits {
  return { ...limits, cap: 1, isFree: false };
}

/** Jest refuses --runInBand beside a number of workers: the caller's own is lowered to one instead. */
function jestAlone(args: readonly string[], situation: RunSituation): readonly string[] {
  return namesWorkers(args, jestWorkers)
    ? shapeWorkers(args, jestWorkers, alone(situation)).args
    : ['--runInBand', ...args];
}

/** The vitest command that watches what the arguments name, and the arguments without one. */
function vitestWatching(args: readonly string[]): {
  readonly command: string;
  readonly args: readonly string[];
} {
  const { name, rest } = readVitestCommand(args);
  switch (name) {
    // They watch as well, where they are told to: what they name is not a filter of `watch`.
    case 'related':
    case 'bench':
    case 'typecheck':
      return { command: name, args: hasFlag(rest, ['--watch', '-w']) ? rest : ['--watch', ...rest] };
    default:
      return { command: 'watch', args: rest };
  }
}

/** `run watch-exclusive`: a watching jest or vitest in a terminal, one worker, with the queue to itself. */
export const watchExclusiveIntent: IntentEntry = {
  summary: 'a watching jest or vitest in a terminal, with one worker',
  plan(args, situation) {
    const variable = `${situation.envPrefix}_ALLOW_WATCH_EXCLUSIVE`;
    const own = ownName(situation.environment);
    const [name, ...rest] = args;
    if (name !== 'jest' && name !== 'vitest') {
      return {
        kind: 'refused',
        sentence: `say which runner is to watch: ${own} run watch-exclusive -- jest (or vitest)`,
      };
    }
    if (!isOn(readVariable(situation.environment, situation.envPrefix, 'ALLOW_WATCH_EXCLUSIVE'))) {
      return {
        kind: 'refused',
        sentence: `a watching run keeps everybody else out, so it has to be asked for: ${variable}=1 ${own} run watch-exclusive -- ${name}`,
      };
    }
    if (!situation.isTerminal) {
      return {
        kind: 'refused',
        sentence: `a watching run needs a terminal; without one, run it once: ${own} run ${name}`,
      };
    }
    const found = findPackage(situation.directory, name);
    if (found === null) return packageNotInstalled(name, situation);
    const { program, version } = found;
    if (runsNoTests(name, rest)) return { kind: 'direct', program, args: rest };
    const watching = { kind: 'start', runner: name, program, exclusive: true } as const;
    switch (name) {
      case 'jest': {
        const watch = hasFlag(rest, ['--watch', '--watchAll', '--watch-all']) ? [] : ['--watch'];
        return { ...watching, args: jestAlone([...watch, ...rest], situation), workers: 1 };
      }
      case 'vitest': {
        const { command, args: said } = vitestWatching(rest);
        const { args, ...settled } = shapeVitest(said, version, alone(situation), situation.environment);
        return { ...watching, ...settled, args: [command, ...args] };
      }
      default:
        return name satisfies never;
    }
  },
};
