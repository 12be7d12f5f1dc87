import type { Argument } from '../argument.ts';
import { allValues, has, lastValue, leadingOptions, type Option } from '../options.ts';
import type { Form } from '../verdict.ts';
import { argv, type Launcher, type Place, type Start, shellText, startsAt } from './launcher.ts';
import { npmPlace, npmTakesValue } from './npm-options.ts';

const takesValue = new Set([...npmTakesValue, '-p', '-n', '--node-arg', '--npm', '--shell']);
const inert = ['-h', '--help', '-?', '-v', '--version'];

/** What `npx` and `npm exec` start, their options already taken apart. */
export function execStarts(
  options: readonly Option[],
  operands: readonly Argument[],
  via: Form,
  place: Place | null = npmPlace(options),
): readonly Start[] {
  const call = lastValue(options, '-c', '--call');
  if (call !== undefined) return startsAt(shellText(call, { via }), place);
  if (has(options, ...inert)) return [];
  return startsAt(argv(operands, { via, isPackage: true }), place);
}

/** `npx [-y] [-p pkg] jest@29 args…`, `npx -c 'text'`. */
export const npx: Launcher = {
  names: ['npx'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    return execStarts(options, operands, 'npx');
  },
};

/** The packages that a `-p`/`--package` names; exported for launchers with the same option. */
export function packagesOf(options: readonly Option[]): readonly Argument[] {
  return allValues(options, '-p', '--package');
}
