import { existsSync } from 'node:fs';
import { below } from './below.ts';
import { packageManagerAt, readText, upward } from './repository.ts';

function namesWorkspaces(manifest: string): boolean {
  try {
    const parsed: unknown = JSON.parse(manifest);
    return typeof parsed === 'object' && parsed !== null && 'workspaces' in parsed;
  } catch {
    return false;
  }
}

/** True when the package around `directory` is a workspace's root: pnpm and yarn 1 add nothing to that without being told to. */
function isInWorkspaceRoot(directory: string): boolean {
  for (const candidate of upward(directory)) {
    const manifest = readText(below(candidate, 'package.json'));
    if (manifest === null) continue;
    return existsSync(below(candidate, 'pnpm-workspace.yaml')) || namesWorkspaces(manifest);
  }
  return false;
}

/** The command that installs a package in `directory`, for the package manager that is in use there. */
export function installCommand(name: string, directory: string): string {
  const manager = packageManagerAt(directory);
  switch (manager) {
    case 'npm':
      return `npm install --save-dev ${name}`;
    case 'pnpm':
      return `pnpm add --save-dev ${isInWorkspaceRoot(directory) ? '-w ' : ''}${name}`;
    case 'yarn':
      return `yarn add --dev ${isInWorkspaceRoot(directory) ? '-W ' : ''}${name}`;
    case 'yarn-berry':
      return `yarn add --dev ${name}`;
    case 'bun':
      return `bun add --dev ${name}`;
    default:
      return manager satisfies never;
  }
}
