import { ownName } from '../../own-name.ts';
import { hasFlag } from '../../policy/own-arguments.ts';
import { runsNoTests } from '../../policy/runner-call.ts';
import { asksVitestToWatch } from '../../policy/watching.ts';
import { findPackage } from '../find-runner.ts';
import { shapeVitest } from '../shape-vitest.ts';
import { type IntentEntry, notInstalled, type Plan, type RunSituation } from './intent.ts';

const commands = ['run', 'related', 'bench', 'list', 'init', 'typecheck'];
/** Commands of vitest that watch on a terminal unless they are told to run once. */
const watchingByDefault = ['related', 'bench'];

/** True when the arguments ask vitest to run once; else it watches on a terminal. */
export function runsVitestOnce(args: readonly string[]): boolean {
  const [first = ''] = args;
  const isOnce = commands.includes(first) && !watchingByDefault.includes(first);
  return isOnce || hasFlag(args, ['--run', '--no-watch']) || args.includes('--watch=false');
}

/** Arguments that run no tests, as vitest takes them: on a terminal it merges reports only when it is told to run once. */
function asLook(args: readonly string[]): readonly string[] {
  const merges = hasFlag(args, ['--mergeReports', '--merge-reports']);
  return merges && !runsVitestOnce(args) ? ['run', ...args] : args;
}

/** Vitest with these arguments, once: its default on a terminal is to watch. */
function planVitest(args: readonly string[], situation: RunSituation): Plan {
  const found = findPackage(situation.directory, 'vitest');
  if (found === null) return notInstalled('vitest', 'npm install --save-dev vitest', situation);
  const { program, version } = found;
  const [first = '', ...rest] = args;
  if (runsNoTests('vitest', args)) return { kind: 'direct', program, args: asLook(args) };
  if (asksVitestToWatch(args)) {
    const sentence = `a watching vitest holds its place for ever; use "run", or in a terminal of your own: ${situation.envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 ${ownName(situation.environment)} run watch-exclusive -- vitest`;
    return { kind: 'refused', sentence };
  }
  const start = (command: readonly string[], rest: readonly string[]): Plan => {
    const { args: shaped, ...settled } = shapeVitest(rest, version, situation.limits, situation.environment);
    return { kind: 'start', runner: 'vitest', program, args: [...command, ...shaped], ...settled };
  };
  switch (true) {
    case watchingByDefault.includes(first) && !runsVitestOnce(args):
      return start([first, '--run'], rest);
    case commands.includes(first):
      return start([first], rest);
    default:
      return start(['run'], args);
  }
}

/** `run vitest`: vitest once, two workers unless the caller says otherwise. */
export const vitestIntent: IntentEntry = {
  summary: 'vitest once, with 2 workers unless you set them',
  plan: planVitest,
};
