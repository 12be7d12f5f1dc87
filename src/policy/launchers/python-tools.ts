import { has, leadingOptions } from '../options.ts';
import { argv, type Launcher } from './launcher.ts';
import { moduleStarts } from './python.ts';

/** Options of these that take the next word; none of them means anything else to another one. */
const takesValue = new Set([
  ...['-c', '--command', '-o', '--outfile', '-s', '--sort'],
  ...['--listen', '--connect', '--log-to', '--configure-qt', '--configure-subProcess'],
  ...['-C', '--coverdir', '-f', '--file', '--ignore-module', '--ignore-dir'],
]);

/** Debuggers and profilers that run a module or a script in their own process: `python -m pdb -m pytest`, `python -m cProfile -o out -m pytest`. */
export const pythonTools: Launcher = {
  names: ['pdb', 'pdb3', 'cProfile', 'profile', 'trace', 'debugpy', 'kernprof'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const [module, ...rest] = operands;
    if (has(options, '-m', '--module')) return module === undefined ? [] : moduleStarts(module, rest);
    return module?.value.includes('/') ? argv(operands) : [];
  },
};
