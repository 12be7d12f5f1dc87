import { prefixLauncher } from './prefix.ts';

/** `command npx jest`: with -v it only looks up. */
export const command = prefixLauncher({ names: ['command'], inert: ['-v', '-V'] });
