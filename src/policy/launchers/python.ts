import { type Argument, literal } from '../argument.ts';
import { argv, type Launcher, type Start } from './launcher.ts';

/** What Python answers itself, whatever module follows. */
const endsEarly = new Set(['--version', '--help', '-V', '-VV', '-h', '-?']);

const takesValue = new Set(['-X', '-W', '-Q', '--check-hash-based-pycs']);

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
      if (takesValue.has(value)) {
        index += 1;
        continue;
      }
      if (!value.startsWith('-') || value === '-') {
        // A bare `python pytest` runs a file of that name beside it.
        return value.includes('/') ? argv(args.slice(index)) : [];
      }
      if (endsEarly.has(value)) return [];
      if (value.startsWith('--')) continue;
      const module = /^-[A-Zabdhiqsuvx]*m/.exec(value)?.[0];
      if (module !== undefined) {
        const attached = value.slice(module.length);
        if (attached !== '') return moduleStarts(literal(attached), args.slice(index + 1));
        const next = args[index + 1];
        return next === undefined ? [] : moduleStarts(next, args.slice(index + 2));
      }
      if (/^-[A-Zabdhiqsuvx]*c/.test(value)) return [];
    }
    return [];
  },
};
