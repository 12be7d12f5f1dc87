import { prefixLauncher } from './prefix.ts';

/** `chrt -i 0 command`. */
export const chrt = prefixLauncher({
  names: ['chrt'],
  takesValue: ['-T', '--sched-runtime', '-P', '--sched-period', '-D', '--sched-deadline'],
  operands: 1,
  inert: ['-p', '--pid', '-m', '--max'],
});
