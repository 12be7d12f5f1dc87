import { prefixLauncher } from './prefix.ts';

/** `repeat 3 command`: zsh's own. */
export const repeat = prefixLauncher({ names: ['repeat'], operands: 1 });
