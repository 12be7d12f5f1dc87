import { prefixLauncher } from './prefix.ts';

/** `stdbuf -oL command`. */
export const stdbuf = prefixLauncher({
  names: ['stdbuf'],
  takesValue: ['-i', '--input', '-o', '--output', '-e', '--error'],
});
