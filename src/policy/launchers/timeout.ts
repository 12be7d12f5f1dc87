import { prefixLauncher } from './prefix.ts';

/** `timeout [-k 5] [-s KILL] 60 command`. */
export const timeout = prefixLauncher({
  names: ['timeout', 'gtimeout'],
  takesValue: ['-k', '--kill-after', '-s', '--signal'],
  operands: 1,
});
