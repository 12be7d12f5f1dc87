import { isLiteral } from '../argument.ts';
import { lastValue, mixedOptions } from '../options.ts';
import { argv, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set(['-C', '--cd', '-E', '--env', '-j', '--jobs', '-c', '--command']);

/** `mise exec node@20 -- command`, `mise x -c 'text'`. */
export const mise: Launcher = {
  names: ['mise', 'rtx'],
  starts(args) {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const [word] = operands;
    if (!isLiteral(word) || (word.value !== 'exec' && word.value !== 'x')) return [];
    const text = lastValue(options, '-c', '--command');
    return text === undefined ? argv(tail ?? [], { stays: 'environment' }) : shellText(text);
  },
};
