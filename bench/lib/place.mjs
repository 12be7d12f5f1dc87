// Where a benchmark runs: this checkout, a directory of its own, an environment without any guard in it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const withGuard = join(root, 'bin', 'with-guard');
export const shims = join(root, 'shims');
export const asker = join(root, 'dist', 'ask.cjs');

const scratch = mkdtempSync(join(tmpdir(), 'test-governor-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** Writes a file below this run's own directory and gives its path. */
export function scratchFile(name, text, mode = 0o644) {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  return path;
}

/** This run's own directory, or one below it. */
export function scratchDirectory(name = '') {
  const path = join(scratch, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** The environment of somebody who has no guard, with state kept in this run's own directory. */
export function plainEnvironment(extra = {}) {
  const { PATH, HOME, LANG = 'C.UTF-8', USER } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    USER,
    TERM: 'dumb',
    SHLVL: '1',
    BASESHOP_STATE_DIR: scratchDirectory('state'),
    ...extra,
  };
}

/** Quotes one word for a shell. */
export function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
