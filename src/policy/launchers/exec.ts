import { prefixLauncher } from './prefix.ts';

/** `exec [-cl] [-a name] command`. */
export const exec = prefixLauncher({ names: ['exec'], takesValue: ['-a'] });
