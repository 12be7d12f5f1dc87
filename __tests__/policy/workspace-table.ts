import { dirname } from 'node:path';
import type {
  ClassifyContext,
  PackageFacts,
  PackageManager,
  PackageReader,
} from '../../src/policy/verdict.ts';

/** A package of the table: its directory, its name, its scripts. */
export type PackageRow = readonly [
  directory: string,
  name: string,
  scripts: Readonly<Record<string, string>>,
];

/** A workspace: the root first, members behind it. */
export const workspace: readonly PackageRow[] = [
  [
    '/r',
    'root',
    {
      test: 'jest --coverage',
      'test:governed': 'test-governor run',
      'test:unit': 'jest unit',
      'test:e2e': 'vitest run e2e',
      'test:all': 'turbo run test',
      'test:some': 'turbo run test --filter=b --concurrency=2',
      'test:watch': 'jest --watch',
      pretest: 'npm run lint',
      lint: 'eslint .',
      build: 'turbo run build',
      ci: 'npm run lint && npm test -- --ci',
      both: 'jest && vitest run',
      cross: 'cross-env CI=1 NODE_OPTIONS=--max-old-space-size=4096 jest --ci',
      loop: 'npm run loop2',
      loop2: 'npm run loop && npm run loop',
      'before-it': 'echo nothing',
      'prebefore-it': 'npx jest setup',
      'safe:test': 'npm run test:governed -- jest --',
      half: 'npm run safe:test && npx jest rest',
      quoted: `jest -t "a b" 'c d'`,
      opaque: 'sh ./run-tests.sh',
      python: 'python -m pytest',
      broken: 'jest "',
      jest: 'jest --config jest.ci.js',
      verify: 'run-p lint test:unit test:e2e',
      verify2: 'concurrently "npm:test:*" "npm run lint"',
      'node-script': 'node scripts/test.mjs',
      'with-dashes': 'npm run test:unit --',
      dot: 'dotenv -e .env -- jest',
      pos: 'sh -c \'jest "$@"\' --',
    },
  ],
  ['/r/packages/a', '@x/a', { test: 'jest', unit: 'vitest', build: 'tsc' }],
  ['/r/packages/b', 'b', { test: 'vitest run', 'test:governed': 'test-governor run' }],
  ['/r/packages/c', 'c', { build: 'tsc' }],
  ['/r/packages/d', 'd', { dot: 'dotenv -- jest' }],
];

/** A reader over a table; the first row is the root, the others are its members. */
export function tableReader(rows: readonly PackageRow[]): PackageReader {
  const all: readonly PackageFacts[] = rows.map(([directory, name, scripts]) => ({
    directory,
    name,
    scripts,
  }));
  const members = all.slice(1);
  const at = (directory: string) => all.find((found) => found.directory === directory) ?? null;
  return {
    at,
    nearest(directory) {
      for (let current = directory; ; current = dirname(current)) {
        const found = at(current);
        if (found !== null || current === '/') return found;
      }
    },
    members: () => members,
    member: (directory, selector) =>
      members.find((found) => found.name === selector || found.name === `@x/${selector}`) ??
      members.find(
        (found) =>
          found.directory === selector || found.directory === `${directory}/${selector.replace(/^\.\//, '')}`,
      ) ??
      null,
  };
}

/** What most tests classify in: the root of the workspace above. */
export function context(more: Partial<ClassifyContext> = {}): ClassifyContext {
  return {
    cwd: '/r',
    packages: tableReader(workspace),
    repository: { packageManager: 'npm', governedScriptAt: '.' },
    envPrefix: 'BASESHOP',
    ...more,
  };
}

/** The same, with another package manager. */
export function managedBy(
  packageManager: PackageManager,
  governedScriptAt: string | null = '.',
): ClassifyContext {
  return context({ repository: { packageManager, governedScriptAt } });
}
