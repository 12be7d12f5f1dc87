import { leadingOptions } from '../options.ts';
import { argv, type Launcher, shellText } from './launcher.ts';

const takesValue = new Set(['-w', '--wait', '--timeout', '-E', '--conflict-exit-code']);

/** `flock file command…`, `flock file -c 'text'`; with a descriptor number alone it starts nothing. */
export const flock: Launcher = {
  names: ['flock'],
  starts(args) {
    const { operands } = leadingOptions(args, takesValue);
    const command = operands.slice(1);
    if (command[0]?.value === '-c' || command[0]?.value === '--command') return shellText(command[1]);
    // util-linux takes options behind the file as well.
    return argv(leadingOptions(command, takesValue).operands);
  },
};
