import { has, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';

const takesValue = new Set([
  '-a',
  '--arg-file',
  '-d',
  '--delimiter',
  '-E',
  '-I',
  '-J',
  '-L',
  '-n',
  '--max-args',
  '-P',
  '--max-procs',
  '-R',
  '-S',
  '-s',
  '--max-chars',
  '--process-slot-var',
]);

/** `xargs [-n1] [-P 4] [-I{}] command`: what it reads becomes arguments, so a replacement stays behind it. */
export const xargs: Launcher = {
  names: ['xargs', 'gxargs'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    if (has(options, '--help', '--version')) return [];
    return argv(operands, { stays: 'arguments' });
  },
};
