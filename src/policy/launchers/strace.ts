import { prefixLauncher } from './prefix.ts';

/** `strace -f -o file command`. */
export const strace = prefixLauncher({
  names: ['strace', 'ltrace'],
  takesValue: ['-e', '-E', '-u', '-b', '-I', '-P', '-a', '-o', '-s', '-X', '-O', '-S', '-U'],
  inert: ['-p', '--attach', '-V'],
});
