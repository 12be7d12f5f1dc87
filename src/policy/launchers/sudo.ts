import { prefixLauncher } from './prefix.ts';

/** `sudo [-u x] command` */
export const sudo = prefixLauncher({
  names: ['sudo'],
  takesValue: [
    '-u',
    '--user',
    '-g',
    '--group',
    '-h',
    '--host',
    '-p',
    '--prompt',
    '-C',
    '--close-from',
    '-D',
    '--chdir',
    '-R',
    '--chroot',
    '-T',
    '--command-timeout',
    '-U',
    '--other-user',
    '-r',
    '--role',
    '-t',
    '--type',
  ],
  inert: ['-l', '--list', '-e', '--edit', '-V', '-K', '-v'],
});
