import { has, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';

const takesValue = new Set(['-c', '-e', '-h', '-p', '-S', '-s', '-T', '-t']);

/** `screen -dmS name command`. With `-X` it talks to a running session. */
export const screen: Launcher = {
  names: ['screen'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    return has(options, '-X', '-r', '-x', '-ls', '-list') ? [] : argv(operands);
  },
};
