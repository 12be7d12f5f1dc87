import { lastValue, leadingOptions } from '../options.ts';
import { type Launcher, shellText } from './launcher.ts';

const takesValue = new Set([
  '-x',
  '--exec',
  '-w',
  '--watch',
  '-i',
  '--ignore',
  '-e',
  '--ext',
  '-d',
  '--delay',
  '--signal',
  '--config',
  '--cwd',
]);

/** `nodemon -x 'npm test'`. */
export const nodemon: Launcher = {
  names: ['nodemon'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    return shellText(
      lastValue(options, '-x', '--exec') ?? lastValue(leadingOptions(operands, takesValue).options, '-x'),
    );
  },
};
