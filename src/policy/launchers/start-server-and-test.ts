import { isLiteral } from '../argument.ts';
import { mixedOptions } from '../options.ts';
import { type Launcher, script, shellText } from './launcher.ts';

const takesValue = new Set(['--expect']);

/** `start-server-and-test start http://localhost:3000 test`: each word is a package script, else shell text. */
export const startServerAndTest: Launcher = {
  names: ['start-server-and-test', 'server-test', 'start-test'],
  starts(args) {
    return mixedOptions(args, takesValue).operands.flatMap((word) => {
      if (!isLiteral(word)) return [];
      const [otherwise = null] = shellText(word);
      return script(word.value, [], { otherwise });
    });
  },
};
