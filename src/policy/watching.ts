import { hasFlag, ownArguments } from './own-arguments.ts';
import type { Runner } from './verdict.ts';

/** True when the arguments ask jest to watch. `--watch=false` does not. */
export function asksJestToWatch(args: readonly string[]): boolean {
  const isOff = ownArguments(args).some((argument) => /^--watch(All)?=false$/.test(argument));
  return !isOff && hasFlag(args, ['--watch', '--watchAll', '--watch-all']);
}

/** Vitest's commands that watch. */
export const vitestWatching: readonly string[] = ['watch', 'dev'];

/** True when the arguments ask vitest to watch. */
export function asksVitestToWatch(args: readonly string[]): boolean {
  const isWatch = vitestWatching.includes(args[0] ?? '') || hasFlag(args, ['--watch', '-w', '--ui']);
  return isWatch && !args.includes('--watch=false');
}

/** True when the arguments ask a runner to watch that can have the queue to itself for it. */
export function asksToWatch(runner: Runner, args: readonly string[]): runner is 'jest' | 'vitest' {
  switch (runner) {
    case 'jest':
      return asksJestToWatch(args);
    case 'vitest':
      return asksVitestToWatch(args);
    case 'turbo':
    case 'pytest':
      return false;
    default:
      return runner satisfies never;
  }
}
