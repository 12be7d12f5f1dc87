import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText, upward } from '../repository.ts';

/** A test runner's program: a file for node, or a program of its own. */
export interface RunnerProgram {
  readonly kind: 'node' | 'native';
  readonly file: string;
  /** Arguments that stand before the runner's own (`run pytest` for uv). */
  readonly leading?: readonly string[];
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
