import { type Argument, isLiteral } from '../argument.ts';
import { has, mixedOptions } from '../options.ts';
import { type Launcher, type Start, script } from './launcher.ts';
import { npmArguments, npmPlace, npmTakesValue } from './npm-options.ts';
import { execStarts } from './npx.ts';

/** npm's commands that start something, with all their aliases. */
const commands = new Map<string, 'run' | 'exec' | 'test' | 'install-test' | 'start' | 'stop' | 'restart'>([
  ['run', 'run'],
  ['run-script', 'run'],
  ['rum', 'run'],
  ['urn', 'run'],
  ['exec', 'exec'],
  ['x', 'exec'],
  ['test', 'test'],
  ['tst', 'test'],
  ['t', 'test'],
  ['it', 'install-test'],
  ['install-test', 'install-test'],
  ['cit', 'install-test'],
  ['sit', 'install-test'],
  ['install-ci-test', 'install-test'],
  ['clean-install-test', 'install-test'],
  ['start', 'start'],
  ['stop', 'stop'],
  ['restart', 'restart'],
]);

/** `npm test`, `npm run x -- args`, `npm exec -- jest`, and their aliases. Options before `--` are npm's own, never the script's. */
export const npm: Launcher = {
  names: ['npm'],
  starts(args): readonly Start[] {
    const { options, operands, tail } = mixedOptions(npmArguments(args), npmTakesValue);
    const [first, ...words] = operands;
    if (!isLiteral(first) || has(options, '-h', '--help', '-?', '-H', '-v', '--version', '--usage'))
      return [];
    const rest: readonly Argument[] = tail === null ? words : [...words, ...tail];
    const place = npmPlace(options);
    const command = commands.get(first.value);
    switch (command) {
      case undefined:
        return [];
      case 'exec':
        return execStarts(options, rest, 'npm-exec', place);
      case 'run': {
        const name = rest[0];
        return isLiteral(name) ? script(name.value, rest.slice(1), { place }) : [];
      }
      case 'install-test':
        return script('test', [], { place });
      case 'restart':
        // Without a script of that name npm stops and starts.
        return ['restart', 'stop', 'start'].flatMap((name) => script(name, rest, { place }));
      case 'test':
      case 'start':
      case 'stop':
        return script(command, rest, { place });
      default:
        return command satisfies never;
    }
  },
};
