import type { Argument } from '../argument.ts';
import { has, lastValue, leadingOptions, type Option } from '../options.ts';
import type { Form } from '../verdict.ts';
import { argv, type Launcher, type Place, type Start, shellText, startsAt } from './launcher.ts';
import { npmArguments, npmPlace, npmSwitches } from './npm-options.ts';

/** What `npx` and `npm exec` start, their options already taken apart. */
export function execStarts(
  options: readonly Option[],
  operands: readonly Argument[],
  via: Form,
  place: Place | null,
): readonly Start[] {
  if (has(options, '-h', '--help', '-?', '-v', '--version', '--usage')) return [];
  const call = lastValue(options, '-c', '--call');
  if (call !== undefined) return startsAt(shellText(call, { via }), place);
  return startsAt(argv(operands, { via, isPackage: true }), place);
}

/** npx takes the word behind an option that it does not know for its value, unless that begins with a dash. */
function unknownOptions(args: readonly Argument[]): ReadonlySet<string> {
  const names = new Set(['-c', '-p', '-n', '-w', '-C', '-L', '-m']);
  args.forEach((argument, index) => {
    const { value } = argument;
    const next = args[index + 1];
    const isOption = value.startsWith('--') && value.length > 2 && !value.includes('=');
    if (isOption && !npmSwitches.has(value) && next !== undefined && !next.value.startsWith('-'))
      names.add(value);
  });
  return names;
}

/** `npx [-y] [-p pkg] jest@29 args…`, `npx -c 'text'`. */
export const npx: Launcher = {
  names: ['npx'],
  starts(args) {
    const own = npmArguments(args);
    const { options, operands } = leadingOptions(own, unknownOptions(own));
    return execStarts(options, operands, 'npx', npmPlace(options));
  },
};
