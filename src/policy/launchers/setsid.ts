import { prefixLauncher } from './prefix.ts';

/** `setsid [-w] command`. */
export const setsid = prefixLauncher({ names: ['setsid'] });
