import { prefixLauncher } from './prefix.ts';

/** `arch -arm64 command`: macOS. */
export const arch = prefixLauncher({ names: ['arch'], takesValue: ['-e', '-d'], stays: 'environment' });
