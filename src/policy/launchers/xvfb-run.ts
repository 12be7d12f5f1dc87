import { prefixLauncher } from './prefix.ts';

/** `xvfb-run -a command`. */
export const xvfbRun = prefixLauncher({
  names: ['xvfb-run'],
  takesValue: [
    '-n',
    '--server-num',
    '-s',
    '--server-args',
    '-e',
    '--error-file',
    '-f',
    '--auth-file',
    '-p',
    '--xauth-protocol',
    '-w',
    '--wait',
  ],
  stays: 'environment',
});
