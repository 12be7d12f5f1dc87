// Installs npm packages. Node builtins only: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What `npm ci` in `directory` would still have to do: nothing (`current`), everything (`missing`), or bring
 * node_modules in line with a lockfile that has moved on (`stale`).
 */
export function packagesState(directory) {
  // npm records in this file what it really installed.
  const record = join(directory, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'missing';
  const installed = packagesOf(record);
  const wanted = Object.entries(packagesOf(join(directory, 'package-lock.json')));
  const current = wanted.every(([path, { version, link, optional }]) => {
    if (path === '') return true;
    const there = installed[path];
    // Packages for other platforms are optional, and stay away.
    if (there === undefined) return optional === true;
    return there.version === version && there.link === link && existsSync(join(directory, path));
  });
  return current ? 'current' : 'stale';
}

/**
 * Runs `npm ci` in `directory`, from npm's cache where it can. Returns its status; its output goes to this process's
 * own streams when `quiet` is false, else it is returned, for use when the status is not 0.
 */
export function installPackages(directory, environment, { quiet = false } = {}) {
  const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', ...(quiet ? ['--loglevel=error'] : [])];
  const result = spawnSync('npm', args, {
    cwd: directory,
    env: environment,
    encoding: 'utf8',
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  if (result.error !== undefined)
    return { status: 127, output: `npm could not be started: ${result.error.message}` };
  return { status: result.status ?? 1, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
