import type { PackageManager } from './policy/verdict.ts';

/** How a program of an installed package is started by hand where a repository uses this package manager. */
export function packageRunner(manager: PackageManager): string {
  switch (manager) {
    case 'npm':
      return 'npx';
    case 'pnpm':
      return 'pnpm exec';
    case 'yarn':
    case 'yarn-berry':
      return 'yarn run';
    case 'bun':
      return 'bunx';
    default:
      return manager satisfies never;
  }
}
