import { type Argument, isLiteral } from '../argument.ts';
import { has, leadingOptions, mixedOptions } from '../options.ts';
import { type Launcher, type Start, script } from './launcher.ts';
import { npmPlace, npmTakesValue } from './npm-options.ts';
import { execStarts } from './npx.ts';

const takesValue = new Set(npmTakesValue);

/** npm's own aliases of the commands that start something. */
const commands = new Map<string, 'run' | 'exec' | 'test' | 'start' | 'stop' | 'restart'>([
  ['run', 'run'],
  ['run-script', 'run'],
  ['rum', 'run'],
  ['urn', 'run'],
  ['exec', 'exec'],
  ['x', 'exec'],
  ['test', 'test'],
  ['tst', 'test'],
  ['t', 'test'],
  ['it', 'test'],
  ['install-test', 'test'],
  ['cit', 'test'],
  ['sit', 'test'],
  ['install-ci-test', 'test'],
  ['clean-install-test', 'test'],
  ['start', 'start'],
  ['stop', 'stop'],
  ['restart', 'restart'],
]);

function withTail(operands: readonly Argument[], tail: readonly Argument[] | null): readonly Argument[] {
  return tail === null ? operands : [...operands, ...tail];
}

/** `npm test`, `npm run x -- args`, `npm exec -- jest`, and their aliases. Options before `--` are npm's own, never the script's. */
export const npm: Launcher = {
  names: ['npm'],
  starts(args): readonly Start[] {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const [first, ...rest] = operands;
    if (!isLiteral(first) || has(options, '-h', '--help', '-?', '-v', '--version')) return [];
    const command = commands.get(first.value);
    const place = npmPlace(options);
    switch (command) {
      case undefined:
        return [];
      case 'exec': {
        // Options behind the first operand are the program's, as npm's parser also passes `npm exec jest --ci`'s on only with `--`.
        const behind = leadingOptions(args.slice(args.indexOf(first) + 1), new Set([...takesValue, '-p']));
        return execStarts([...options, ...behind.options], behind.operands, 'npm-exec', place);
      }
      case 'run': {
        const name = rest[0];
        return isLiteral(name) ? script(name.value, withTail(rest.slice(1), tail), { place }) : [];
      }
      case 'test':
      case 'start':
      case 'stop':
      case 'restart':
        return script(command, withTail(rest, tail), { place });
    }
  },
};
