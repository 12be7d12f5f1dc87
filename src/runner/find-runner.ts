import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { below } from '../below.ts';
import { packageManagerAt, readText, upward } from '../repository.ts';

/** A test runner's program: a file for node, or a program of its own. */
export interface RunnerProgram {
  readonly kind: 'node' | 'native';
  readonly file: string;
  /** Arguments that stand before the runner's own (`run pytest` for uv). */
  readonly leading?: readonly string[];
}

/** An installed test runner. */
export interface RunnerPackage {
  readonly program: RunnerProgram;
  /** As its package.json says it; null when that says none. */
  readonly version: string | null;
}

function parseManifest(text: string | null): object | null {
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}

function versionOf(manifest: object): string | null {
  return 'version' in manifest && typeof manifest.version === 'string' ? manifest.version : null;
}

function binOf(manifest: object, name: string): string | null {
  if (!('bin' in manifest)) return null;
  const { bin } = manifest;
  if (typeof bin === 'string') return bin;
  if (typeof bin !== 'object' || bin === null) return null;
  const entry: unknown = Object.entries(bin).find(([key]) => key === name)?.[1];
  return typeof entry === 'string' ? entry : null;
}

/** The package in this directory; null when that holds none with a program of its name. */
function packageIn(home: string, name: string): RunnerPackage | null {
  const manifest = parseManifest(readText(below(home, 'package.json')));
  const bin = manifest === null ? null : binOf(manifest, name);
  if (manifest === null || bin === null || !existsSync(join(home, bin))) return null;
  return { program: { kind: 'node', file: join(home, bin) }, version: versionOf(manifest) };
}

/**
 * The same as Yarn's Plug'n'Play resolves it, where `yarn run` has loaded that: its packages lie in archives, and in no `node_modules`.
 * It gives a package what that names alone, and not what the ones around it do.
 */
function packageInPnp(directory: string, name: string): RunnerPackage | null {
  if (process.versions.pnp === undefined) return null;
  const { createRequire }: typeof import('node:module') = require('node:module');
  for (const candidate of upward(directory)) {
    try {
      const manifest = createRequire(below(candidate, 'package.json')).resolve(`${name}/package.json`);
      const found = packageIn(dirname(manifest), name);
      if (found !== null) return found;
    } catch {
      // Not named there.
    }
  }
  return null;
}

/** True where only yarn can say what is installed: its Plug'n'Play keeps no `node_modules`, and has not been loaded into this process. */
export function isHiddenInPnp(directory: string): boolean {
  if (process.versions.pnp !== undefined) return false;
  // One that lies further up, in a home directory say, is of another project.
  if (packageManagerAt(directory) !== 'yarn-berry') return false;
  return [...upward(directory)].some((candidate) => existsSync(below(candidate, '.pnp.cjs')));
}

/**
 * Finds a package with a program of its name as node resolves packages: the nearest `node_modules/<name>` at or above `directory`.
 * @returns null when no installed package of that name has such a program.
 */
export function findPackage(directory: string, name: string): RunnerPackage | null {
  for (const candidate of upward(directory)) {
    const found = packageIn(below(candidate, `node_modules/${name}`), name);
    if (found !== null) return found;
  }
  return packageInPnp(directory, name);
}

/** The program of the package that {@link findPackage} finds. */
export function findPackageProgram(directory: string, name: string): RunnerProgram | null {
  return findPackage(directory, name)?.program ?? null;
}
