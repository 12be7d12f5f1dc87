import type { Argument } from '../argument.ts';
import { has, lastValue, leadingOptions, type Option } from '../options.ts';
import type { Form } from '../verdict.ts';
import { argv, type Launcher, type Place, type Start, shellText, startsAt } from './launcher.ts';
import { npmArguments, npmPlace, npmTakesValue } from './npm-options.ts';

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

/** As npm's, but that `-p` names a package. Options that npx does not know take nothing, as its npm reads them in the end. */
const takesValue = new Set([...npmTakesValue, '-p', '-n', '--npm', '--node-arg']);

/** `npx [-y] [-p pkg] jest@29 args…`, `npx -c 'text'`. */
export const npx: Launcher = {
  names: ['npx'],
  starts(args) {
    const { options, operands } = leadingOptions(npmArguments(args), takesValue);
    return execStarts(options, operands, 'npx', npmPlace(options));
  },
};
