import { isOn, readVariable } from '../../env.ts';
import { ownName } from '../../own-name.ts';
import { hasFlag } from '../../policy/own-arguments.ts';
import { findPackageProgram, type RunnerProgram } from '../find-runner.ts';
import { shapeWorkers } from '../shape.ts';
import { type IntentEntry, notInstalled, type Plan, type RunSituation } from './intent.ts';
import { vitestWorkersIn } from './vitest.ts';

function watching(runner: 'jest' | 'vitest', program: RunnerProgram, args: readonly string[]): Plan {
  return { kind: 'start', runner, program, args, workers: 1, exclusive: true };
}

/** Vitest's arguments with one worker, whatever number the caller names: it refuses a second one. */
function withOneWorker(args: readonly string[], { directory, limits }: RunSituation): readonly string[] {
  return shapeWorkers(args, vitestWorkersIn(directory), { ...limits, cap: 1, isFree: false }).args;
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
    const program = findPackageProgram(situation.directory, name);
    if (program === null) return notInstalled(name, `npm install --save-dev ${name}`, situation);
    switch (name) {
      case 'jest': {
        const watch = hasFlag(rest, ['--watch', '--watchAll', '--watch-all']) ? [] : ['--watch'];
        return watching('jest', program, ['--runInBand', ...watch, ...rest]);
      }
      case 'vitest':
        return watching('vitest', program, ['watch', ...withOneWorker(rest, situation)]);
    }
  },
};
