import { prefixLauncher } from './prefix.ts';

/** `builtin command…`: zsh's and bash's own. */
export const builtin = prefixLauncher({ names: ['builtin'] });
