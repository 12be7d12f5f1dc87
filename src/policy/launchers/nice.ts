import { prefixLauncher } from './prefix.ts';

/** `nice [-n 5] command`. */
export const nice = prefixLauncher({ names: ['nice'], takesValue: ['-n', '--adjustment'] });
