import { prefixLauncher } from './prefix.ts';

/** `ionice -c 3 command`: with -p it changes a running process. */
export const ionice = prefixLauncher({
  names: ['ionice'],
  takesValue: ['-c', '--class', '-n', '--classdata'],
  inert: ['-p', '--pid', '-P', '-u'],
});
