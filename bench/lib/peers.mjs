// Other people's shims, from their npm packages, installed once into the cache. Where one cannot be had the table
// says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root, scratchDirectory } from './place.mjs';

const packages = ['corepack@0.34.7', 'mise@2026.9.15', '@aikidosec/safe-chain@1.5.20'];
const cache = join(root, '.cache', 'bench-peers');

/** The peers that could be installed: how to start each so that it passes a call on to `npm`. */
export function installPeers() {
  const modules = join(cache, 'node_modules');
  if (!existsSync(join(modules, '@aikidosec'))) {
    mkdirSync(cache, { recursive: true });
    spawnSync('npm', ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', ...packages], {
      stdio: 'ignore',
    });
  }
  const mise = join(modules, 'mise', 'bin', 'mise');
  const miseShims = scratchDirectory('mise-shims');
  if (existsSync(mise) && !existsSync(join(miseShims, 'npm'))) symlinkSync(mise, join(miseShims, 'npm'));
  const home = scratchDirectory('peer-home');
  return [
    {
      name: 'corepack, its own --version',
      file: process.execPath,
      args: [join(modules, 'corepack', 'dist', 'corepack.js'), '--version'],
      environment: {},
    },
    {
      name: "mise's shim, nothing configured",
      file: join(miseShims, 'npm'),
      args: ['install'],
      environment: { HOME: home, MISE_OFFLINE: '1' },
    },
    {
      name: "safe-chain's npm, passing through",
      file: process.execPath,
      args: [join(modules, '@aikidosec', 'safe-chain', 'bin', 'aikido-npm.js'), 'run', 'x'],
      environment: { HOME: home },
    },
  ];
}
