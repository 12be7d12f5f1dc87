import { type Argument, literal } from '../argument.ts';
import { argv, type Launcher, type Start } from './launcher.ts';

/** What Python answers itself, whatever module follows. */
const endsEarly = new Set(['--version', '--help', '-V', '-VV', '-h', '-?']);

/**
 * A word of short options up to the first that takes the rest of the word, or else the next one: a warning filter, which may hold an
 * `m` or a `c` (`-Werror::DeprecationWarning`), or what Python is to run.
 */
const valueOption = /^-[A-Zabdhiqsuvx]*?([WXQmc])(.*)$/s;

/** The command that `python -m module` runs; modules that are no launcher and no runner lead to nothing. */
export function moduleStarts(module: Argument, args: readonly Argument[]): readonly Start[] {
  if (module.source !== null) return [];
  return argv([literal(module.value.replace(/\.__main__$/, '')), ...args], {
    via: 'python-module',
    isPackage: true,
  });
}

/** `python3 [-X dev] -m pytest args…`, `python .venv/bin/pytest`. `-m` and `-c` end Python's own options, also in a cluster. */
export const python: Launcher = {
  names: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
  starts(args) {
    for (let index = 0; index < args.length; index += 1) {
      const argument = args[index];
      if (argument === undefined) return [];
      const { value } = argument;
      if (!value.startsWith('-') || value === '-') {
        // A bare `python pytest` runs a file of that name beside it.
        return value.includes('/') ? argv(args.slice(index)) : [];
      }
      if (endsEarly.has(value)) return [];
      if (value.startsWith('--')) {
        if (value === '--check-hash-based-pycs') index += 1;
        continue;
      }
      const [, option, attached = ''] = valueOption.exec(value) ?? [];
      if (option === undefined) continue;
      if (option === 'c') return [];
      if (option === 'm' && attached !== '') return moduleStarts(literal(attached), args.slice(index + 1));
      const next = args[index + 1];
      if (option === 'm') return next === undefined ? [] : moduleStarts(next, args.slice(index + 2));
      if (attached === '') index += 1;
    }
    return [];
  },
};
