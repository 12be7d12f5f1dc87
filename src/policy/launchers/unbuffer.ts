import { prefixLauncher } from './prefix.ts';

/** `unbuffer command`. */
export const unbuffer = prefixLauncher({ names: ['unbuffer'] });
