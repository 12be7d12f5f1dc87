import { prefixLauncher } from './prefix.ts';

/** `prlimit --as=4G command`. */
export const prlimit = prefixLauncher({
  names: ['prlimit'],
  takesValue: ['-o', '--output'],
  inert: ['-p', '--pid'],
});
