import { has, lastValue, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';
import { moduleStarts } from './python.ts';

const takesValue = new Set([
  '--concurrency',
  '--context',
  '--data-file',
  '--include',
  '--omit',
  '--rcfile',
  '--source',
  '--save-signal',
]);

/** `coverage run [options] -m pytest`. */
export const coverage: Launcher = {
  names: ['coverage', 'coverage3'],
  starts(args) {
    if (args[0]?.value !== 'run') return [];
    const { options, operands } = leadingOptions(args.slice(1), takesValue);
    if (lastValue(options, '-m', '--module') !== undefined) return [];
    const [module, ...rest] = operands;
    if (has(options, '-m', '--module')) return module === undefined ? [] : moduleStarts(module, rest);
    return argv(operands);
  },
};
