import { prefixLauncher } from './prefix.ts';

/** `ls | entr command`. */
export const entr = prefixLauncher({ names: ['entr'] });
