import { prefixLauncher } from './prefix.ts';

/** `chronic command`, of moreutils. */
export const chronic = prefixLauncher({ names: ['chronic'] });
