import { prefixLauncher } from './prefix.ts';

/** `caffeinate -i command`: macOS. */
export const caffeinate = prefixLauncher({ names: ['caffeinate'], takesValue: ['-t', '-w'] });
