import { prefixLauncher } from './prefix.ts';

/** `env-cmd -f .env command`. */
export const envCmd = prefixLauncher({
  names: ['env-cmd'],
  takesValue: ['-f', '--file', '-r', '--rc-file', '-e', '--environments'],
  stays: 'package-environment',
});
