import { lastValue, mixedOptions } from '../options.ts';
import { argv, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-c',
  '--command',
  '-E',
  '--echo',
  '-I',
  '--log-in',
  '-O',
  '--log-out',
  '-B',
  '--log-io',
  '-T',
  '--log-timing',
  '-m',
  '--logging-format',
  '-o',
  '--output-limit',
]);

/** `script -q -c 'text' file` (util-linux); BSD and macOS take the command behind the file: `script -q /dev/null npx jest`. */
export const scriptCommand: Launcher = {
  names: ['script'],
  starts(args) {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const text = lastValue(options, '-c', '--command');
    if (text !== undefined) return shellText(text);
    return argv([...operands.slice(1), ...(tail ?? [])]);
  },
};
