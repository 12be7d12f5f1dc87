import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { below } from '../../below.ts';
import type { Environment } from '../../env.ts';
import { upward } from '../../repository.ts';

/** How a project's pytest is started. */
export interface PytestProgram {
  readonly file: string;
  /** Arguments that stand before pytest's own (`run pytest` for uv). */
  readonly leading: readonly string[];
  /** The same for the project's Python itself, for asking it what is installed. */
  readonly python: { readonly file: string; readonly leading: readonly string[] };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}

/** A program on PATH, past every directory of shims of ours; null when there is none. */
function findOnPath(name: string, environment: Environment): string | null {
  const entries = (environment.PATH ?? '').split(delimiter).filter((entry) => entry !== '');
  const isOurs = (directory: string) => existsSync(join(directory, '.test-governor-shims'));
  const directory = entries.find((entry) => !isOurs(entry) && isProgram(join(entry, name)));
  return directory === undefined ? null : join(directory, name);
}

function inEnvironment(home: string): PytestProgram | null {
  const file = below(home, 'bin/pytest');
  return isProgram(file) ? asScript(file) : null;
}

/** The interpreter that a script names in its first line; the `python3` beside it where it names none. */
function pythonBeside(script: string): PytestProgram['python'] {
  let start = '';
  try {
    start = readFileSync(script, 'latin1').slice(0, 512);
  } catch {
    // Not readable, and so a program of another kind.
    return { file: join(dirname(script), 'python3'), leading: [] };
  }
  const interpreter = /^#!\s*(\S*python\S*)\s*$/m.exec(start.split('\n', 1)[0] ?? '')?.[1];
  return { file: interpreter ?? join(dirname(script), 'python3'), leading: [] };
}

/** A script named pytest. Its Python is looked up when it is asked: most runs say themselves how many workers they want. */
function asScript(file: string): PytestProgram {
  return {
    file,
    leading: [],
    get python() {
      return pythonBeside(file);
    },
  };
}

/** Tools that keep a project's environment where only they know, by the file that they leave in the project. */
const managers = [
  { lockfile: 'uv.lock', name: 'uv' },
  { lockfile: 'poetry.lock', name: 'poetry' },
] as const;

/** The nearest project that such a tool manages, when the tool is there. */
function byManager(directory: string, environment: Environment): PytestProgram | null {
  for (const candidate of upward(directory)) {
    for (const { lockfile, name } of managers) {
      const file = existsSync(below(candidate, lockfile)) ? findOnPath(name, environment) : null;
      if (file !== null) {
        return { file, leading: ['run', 'pytest'], python: { file, leading: ['run', 'python'] } };
      }
    }
  }
  return null;
}

/**
 * Finds a project's pytest: in the active virtual environment, in the nearest `.venv` or `venv` at or above `directory`, through
 * uv or poetry where their lock file is, on PATH past every directory of shims, and at last as a module of `python3`.
 * @returns null when there is not even a Python.
 */
export function findPytest(directory: string, environment: Environment): PytestProgram | null {
  const active = environment.VIRTUAL_ENV;
  const homes = [
    ...(active === undefined || active === '' ? [] : [active]),
    ...[...upward(directory)].flatMap((candidate) => [below(candidate, '.venv'), below(candidate, 'venv')]),
  ];
  for (const home of homes) {
    const found = inEnvironment(home);
    if (found !== null) return found;
  }
  const managed = byManager(directory, environment);
  if (managed !== null) return managed;
  const onPath = findOnPath('pytest', environment) ?? findOnPath('py.test', environment);
  if (onPath !== null) return asScript(onPath);
  const python = findOnPath('python3', environment) ?? findOnPath('python', environment);
  return python === null
    ? null
    : { file: python, leading: ['-m', 'pytest'], python: { file: python, leading: [] } };
}
