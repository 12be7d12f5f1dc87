import { prefixLauncher } from './prefix.ts';

/** `with-guard command`: our own; what it starts is decided as if it stood alone. */
export const withGuard = prefixLauncher({ names: ['with-guard'] });
