import { prefixLauncher } from './prefix.ts';

/** `/usr/bin/time -v command`: the shell's own keyword is the parser's. */
export const time = prefixLauncher({
  names: ['time', 'gtime'],
  takesValue: ['-f', '--format', '-o', '--output'],
});
