import { realpathSync } from 'node:fs';
import { join } from 'node:path';

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    // It is not there.
    return null;
  }
}

/**
 * Where on PATH the shims of a checkout or package stand: their own directory, or the one of links to them that a guarded shell has in
 * their place. -1 when they are not there.
 */
export function findShims(path: readonly string[], root: string): number {
  const ours = realPath(join(root, 'shims', 'npx'));
  return path.findIndex((directory) => ours !== null && realPath(join(directory, 'npx')) === ours);
}
