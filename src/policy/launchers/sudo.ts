import { splitAssignments } from '../argument.ts';
import { has, lastValue, leadingOptions } from '../options.ts';
import { argv, type Launcher, type Place } from './launcher.ts';

const takesValue = new Set([
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
]);

/** `sudo [-u x] [A=1…] command`; not with an option that lists, edits or only asks for the password. */
export const sudo: Launcher = {
  names: ['sudo'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    if (has(options, '-l', '--list', '-e', '--edit', '-V', '--version', '-v', '--validate', '--help'))
      return [];
    const { assignments, rest } = splitAssignments(operands);
    const directory = lastValue(options, '-D', '--chdir');
    const place: Place | null =
      directory === undefined ? null : { kind: 'path', path: directory, isPackage: false };
    return argv(rest, { assignments, place, stays: 'environment' });
  },
};
