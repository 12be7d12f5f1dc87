import { findPackageProgram } from '../find-runner.ts';
import { capWorkers, hasFlag, type WorkerFlags } from '../shape.ts';
import { type IntentEntry, notInstalled, type Plan, type RunSituation } from './intent.ts';

/** Vitest's flags for the number of workers; https://vitest.dev/guide/cli. */
export const vitestWorkers: WorkerFlags = {
  flags: [
    '--maxWorkers',
    '--max-workers',
    '--fileParallelism',
    '--no-file-parallelism',
    '--no-fileParallelism',
  ],
  short: [],
  fallback: '--maxWorkers=2',
};

const commands = ['run', 'related', 'bench', 'list', 'init', 'typecheck'];
const watching = ['watch', 'dev'];

/** Vitest with these arguments, once: its default on a terminal is to watch. */
export function planVitest(args: readonly string[], situation: RunSituation): Plan {
  const program = findPackageProgram(situation.directory, 'vitest');
  if (program === null) return notInstalled('vitest', 'npm install --save-dev vitest', situation);
  const [first = '', ...rest] = args;
  const isWatch = watching.includes(first) || hasFlag(args, ['--watch', '-w', '--ui']);
  if (isWatch && !args.includes('--watch=false')) {
    const sentence = `a watching vitest holds its place for ever; use "run", or in a terminal of your own: ${situation.envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 test-governor run watch-exclusive -- vitest`;
    return { kind: 'refused', sentence };
  }
  const once = hasFlag(args, ['--run']) || hasFlag(args, ['--no-watch']) || args.includes('--watch=false');
  switch (true) {
    case commands.includes(first) && (first !== 'related' || once):
      return { kind: 'start', program, args: [first, ...capWorkers(rest, vitestWorkers)] };
    case first === 'related':
      return { kind: 'start', program, args: [first, '--run', ...capWorkers(rest, vitestWorkers)] };
    default:
      return { kind: 'start', program, args: ['run', ...capWorkers(args, vitestWorkers)] };
  }
}

/** `run vitest`: vitest once, two workers unless the caller says otherwise. */
export const vitestIntent: IntentEntry = {
  summary: 'vitest once, with 2 workers unless you set them',
  plan: planVitest,
};
