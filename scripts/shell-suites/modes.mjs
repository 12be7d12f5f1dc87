// The ways in which a suite is run: plain, and guarded in two ways.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * - `plain`: no guard anywhere.
 * - `with-guard`: the suite is started by `with-guard`, as a user would.
 * - `sourced`: every shell sources the hook before its script, so that the hook watches each command; with-guard alone
 *   keeps out of shells whose text names no runner.
 */
export const modes = ['plain', 'with-guard', 'sourced'];

/**
 * The vector and the environment that run `argv` in `mode`. Without a guard the variables that carry it name files
 * that say nothing, or nothing at all, so that the shells do the same start-up work.
 */
export function inMode(mode, argv, environment, { root, cache }) {
  const empty = join(cache, 'empty-zdotdir');
  mkdirSync(empty, { recursive: true });
  switch (mode) {
    case 'plain':
      return { argv, env: { ...environment, ZDOTDIR: empty } };
    case 'with-guard':
      return { argv: [join(root, 'bin', 'with-guard'), ...argv], env: { ...environment, ZDOTDIR: empty } };
    case 'sourced': {
      const directory = join(cache, 'sourcing');
      mkdirSync(directory, { recursive: true });
      const line = `. '${join(root, 'hooks', 'guarded.sh').replaceAll("'", `'\\''`)}'\n`;
      writeFileSync(join(directory, 'bash-env'), line);
      writeFileSync(join(directory, '.zshenv'), line);
      return { argv, env: { ...environment, BASH_ENV: join(directory, 'bash-env'), ZDOTDIR: directory } };
    }
    default:
      throw new Error(`no such mode: ${mode}`);
  }
}
