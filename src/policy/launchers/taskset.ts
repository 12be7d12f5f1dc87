import { prefixLauncher } from './prefix.ts';

/** `taskset -c 0,1 command`. */
export const taskset = prefixLauncher({ names: ['taskset'], operands: 1, inert: ['-p', '--pid'] });
