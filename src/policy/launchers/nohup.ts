import { prefixLauncher } from './prefix.ts';

/** `nohup command`. */
export const nohup = prefixLauncher({ names: ['nohup'] });
