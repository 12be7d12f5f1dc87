import { prefixLauncher } from './prefix.ts';

/** `systemd-run --user --scope -p MemoryMax=4G command`. */
export const systemdRun = prefixLauncher({
  names: ['systemd-run'],
  takesValue: [
    '-p',
    '--property',
    '-u',
    '--unit',
    '--slice',
    '--uid',
    '--gid',
    '--nice',
    '--working-directory',
    '-E',
    '--setenv',
    '--description',
    '-H',
    '--host',
    '-M',
    '--machine',
    '--service-type',
    '--on-active',
    '--on-calendar',
  ],
});
