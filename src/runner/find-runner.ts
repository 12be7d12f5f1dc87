import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../env.ts';
import { readText, upward } from '../repository.ts';

/** A test runner's program: a file for node, or a program of its own. */
export interface RunnerProgram {
  readonly kind: 'node' | 'native';
  readonly file: string;
}

function binOf(manifest: string, name: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(manifest);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || !('bin' in parsed)) return null;
  const { bin } = parsed;
  if (typeof bin === 'string') return bin;
  if (typeof bin !== 'object' || bin === null) return null;
  const entry: unknown = Object.entries(bin).find(([key]) => key === name)?.[1];
  return typeof entry === 'string' ? entry : null;
}

/**
 * Finds a package's program as node resolves packages: the nearest `node_modules/<name>` at or above `directory`.
 * @returns null when no installed package of that name has such a program.
 */
export function findPackageProgram(directory: string, name: string): RunnerProgram | null {
  for (const candidate of upward(directory)) {
    const home = join(candidate, 'node_modules', name);
    const manifest = readText(join(home, 'package.json'));
    const bin = manifest === null ? null : binOf(manifest, name);
    if (bin !== null && existsSync(join(home, bin))) return { kind: 'node', file: join(home, bin) };
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds a program of a Python project: the active virtual environment, the nearest `.venv` or `venv` at or above
 * `directory`, then PATH, past every directory of shims.
 */
export function findPythonProgram(
  directory: string,
  name: string,
  environment: Environment,
): RunnerProgram | null {
  const active = environment.VIRTUAL_ENV;
  const environments = [
    ...(active === undefined || active === '' ? [] : [active]),
    ...[...upward(directory)].flatMap((candidate) => [join(candidate, '.venv'), join(candidate, 'venv')]),
  ];
  const onPath = (environment.PATH ?? '').split(delimiter).filter((entry) => entry !== '');
  const files = [
    ...environments.map((home) => join(home, 'bin', name)),
    ...onPath.map((entry) => join(entry, name)),
  ];
  const isShim = (file: string) => existsSync(join(dirname(file), '.test-governor-shims'));
  const file = files.find(
    (candidate) => existsSync(candidate) && isExecutable(candidate) && !isShim(candidate),
  );
  return file === undefined ? null : { kind: 'native', file };
}
