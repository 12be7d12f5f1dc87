import { hasFlag, ownArguments } from './own-arguments.ts';
import type { Runner } from './verdict.ts';
import { readVitestCommand } from './vitest-command.ts';

/**
 * What jest makes of a switch that may stand several times: the last one counts, any value but `true` is off, and a `true` or `false`
 * behind it belongs to it. False when it is not there.
 */
function isSwitchedOn(args: readonly string[], names: readonly string[]): boolean {
  let isOn = false;
  for (const [at, argument] of args.entries()) {
    const [flag = '', ...value] = argument.split('=');
    if (names.includes(flag)) isOn = value.length > 0 ? value.join('=') === 'true' : args[at + 1] !== 'false';
    else if (flag.startsWith('--no-') && names.includes(`--${flag.slice('--no-'.length)}`)) isOn = false;
  }
  return isOn;
}

/** True when the arguments ask jest to watch. `--watch=false` does not. */
export function asksJestToWatch(args: readonly string[]): boolean {
  const own = ownArguments(args);
  return isSwitchedOn(own, ['--watch']) || isSwitchedOn(own, ['--watchAll', '--watch-all']);
}

/** True when the arguments ask vitest to watch. */
export function asksVitestToWatch(args: readonly string[]): boolean {
  const { name } = readVitestCommand(args);
  const isWatch = name === 'watch' || name === 'dev' || hasFlag(args, ['--watch', '-w', '--ui']);
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
