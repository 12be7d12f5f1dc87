import { ownName } from '../../own-name.ts';
import { hasFlag } from '../../policy/own-arguments.ts';
import { runsNoTests } from '../../policy/runner-call.ts';
import { asksVitestToWatch } from '../../policy/watching.ts';
import { findPackage } from '../find-runner.ts';
import { type FewestFlags, shapeWorkers, type WorkerFlags } from '../shape.ts';
import { type IntentEntry, notInstalled, type Plan, type RunSituation } from './intent.ts';

/** Options of vitest's pools, in both spellings. Those of the pool that is used come before the options for all of them. */
function poolOptions(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`--poolOptions.${name}`, `--pool-options.${name}`]);
}

/** The flags for the number of workers of every vitest; https://vitest.dev/guide/cli. */
const vitestWorkers: WorkerFlags = {
  counted: [
    '--maxWorkers',
    '--max-workers',
    ...poolOptions('forks.maxForks', 'threads.maxThreads', 'vmForks.maxForks', 'vmThreads.maxThreads'),
  ],
  attached: [],
  single: ['--no-file-parallelism', '--no-fileParallelism'],
  singleInPart: poolOptions(
    'forks.singleFork',
    'threads.singleThread',
    'vmForks.singleFork',
    'vmThreads.singleThread',
  ),
  parallel: ['--fileParallelism', '--file-parallelism'],
  other: [],
  added: '--maxWorkers',
};

/** Its flags for the fewest workers, which only the versions 1 to 3 know; https://v3.vitest.dev/guide/cli. */
const fewest: FewestFlags = {
  general: ['--minWorkers', '--min-workers'],
  partial: poolOptions('forks.minForks', 'threads.minThreads', 'vmForks.minForks', 'vmThreads.minThreads'),
};

/** The flags of a vitest of this version: every one refuses those that it does not know. */
function workerFlagsOf(version: string | null): WorkerFlags {
  return version !== null && /^[1-3]\./.test(version) ? { ...vitestWorkers, fewest } : vitestWorkers;
}

/** The flags for the number of workers of the vitest that is found from a directory. */
export function vitestWorkersIn(directory: string): WorkerFlags {
  return workerFlagsOf(findPackage(directory, 'vitest')?.version ?? null);
}

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
    const { args: shaped, workers } = shapeWorkers(rest, workerFlagsOf(version), situation.limits);
    return { kind: 'start', runner: 'vitest', program, args: [...command, ...shaped], workers };
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
