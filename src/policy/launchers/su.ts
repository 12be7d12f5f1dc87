import { isLiteral } from '../argument.ts';
import { has, lastValue, mixedOptions } from '../options.ts';
import { argv, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-c',
  '--command',
  '--session-command',
  '-g',
  '--group',
  '-G',
  '--supp-group',
  '-s',
  '--shell',
  '-u',
  '--user',
  '-w',
  '--whitelist-environment',
]);

/** `su user -c 'text'`, `runuser -u user -- command`. */
export const su: Launcher = {
  names: ['su', 'runuser'],
  starts(args) {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const text = lastValue(options, '-c', '--command', '--session-command');
    if (text !== undefined) return shellText(text);
    if (!has(options, '-u', '--user')) return [];
    return argv(isLiteral(operands[0]) ? [...operands, ...(tail ?? [])] : (tail ?? []));
  },
};
