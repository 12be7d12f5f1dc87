import { isLiteral } from '../argument.ts';
import { allValues, mixedOptions } from '../options.ts';
import { argv, type Launcher, type Place, script, shellText, startsAt } from './launcher.ts';

const takesValue = new Set([
  '--scope',
  '--ignore',
  '--since',
  '--concurrency',
  '--loglevel',
  '--npm-client',
  '--profile-location',
]);

/** `lerna run test [--scope pkg]` starts the script in every member that has it; `lerna exec -- command` a command there. */
export const lerna: Launcher = {
  names: ['lerna'],
  starts(args) {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const [word, ...rest] = operands;
    const selectors = allValues(options, '--scope');
    const place: Place =
      selectors.length > 0
        ? { kind: 'members', selectors, takesDirectories: false }
        : { kind: 'all-members', withRoot: false };
    const name = rest[0];
    if (word?.value === 'run' && isLiteral(name)) {
      return script(name.value, tail ?? [], { place });
    }
    if (word?.value !== 'exec') return [];
    const command = [...rest, ...(tail ?? [])];
    // A shell reads it: a command that is one word in quotes is a line of words.
    const isLine = command.length === 1 && /\s/.test(name?.value ?? '');
    return startsAt(isLine ? shellText(command[0]) : argv(command), place);
  },
};
