import { prefixLauncher } from './prefix.ts';

/** `noglob command`: zsh's precommand modifiers. */
export const noglob = prefixLauncher({ names: ['noglob', 'nocorrect', '-'] });
