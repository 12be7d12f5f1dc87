import { type Argument, literal, patternValue } from '../argument.ts';
import { mixedOptions } from '../options.ts';
import { type Launcher, type Start, scripts } from './launcher.ts';

const takesValue = new Set(['--max-parallel', '--npm-path']);

/** One pattern, which may carry arguments: `"test:unit -- --ci"`. */
function patternStarts(pattern: Argument): readonly Start[] {
  const text = patternValue(pattern);
  if (text === null) return [];
  const [name, ...args] = text.split(/\s+/).filter((word) => word !== '');
  if (name === undefined || name.startsWith('!')) return [];
  return scripts(name, args.filter((word) => word !== '--').map(literal));
}

/** `npm-run-all build test:*`, `run-s`, `run-p`. */
export const npmRunAll: Launcher = {
  names: ['npm-run-all', 'npm-run-all2', 'run-s', 'run-p'],
  starts: (args) => mixedOptions(args, takesValue).operands.flatMap(patternStarts),
};
