import { prefixLauncher } from './prefix.ts';

/** `xargs [-n1] [-P 4] [-I{}] command`: what it reads is appended, and is not known. */
export const xargs = prefixLauncher({
  names: ['xargs', 'gxargs'],
  takesValue: [
    '-a',
    '--arg-file',
    '-d',
    '--delimiter',
    '-E',
    '-I',
    '-J',
    '-L',
    '--max-lines',
    '-n',
    '--max-args',
    '-P',
    '--max-procs',
    '-R',
    '-S',
    '-s',
    '--max-chars',
    '--process-slot-var',
  ],
});
