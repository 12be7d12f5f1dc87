import { prefixLauncher } from './prefix.ts';

/** `numactl -N 0 command`. */
export const numactl = prefixLauncher({
  names: ['numactl'],
  takesValue: ['-N', '-m', '-C', '-i', '-p', '-P'],
  inert: ['-H', '--hardware', '-s', '--show'],
});
