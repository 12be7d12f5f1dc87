import { has, leadingOptions } from '../options.ts';
import { argv, joined, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set(['-n', '--interval', '-q', '--equexit', '-s', '--shotsdir']);

/** `watch [-n 5] 'text'`: joins its words for `sh -c`; with `-x` it starts them itself. */
export const watch: Launcher = {
  names: ['watch', 'gwatch'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    return has(options, '-x', '--exec') ? argv(operands) : shellText(joined(operands));
  },
};
