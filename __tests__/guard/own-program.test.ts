import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openClassifier } from '../../src/guard/classifier.ts';
import { guardedRoot } from '../helpers/shell.ts';
import { temporaryDirectory } from './shim-lab.ts';

const program = join(guardedRoot, 'bin/test-governor');

/** A repository with the files, each an empty one or a program. */
function repository(manifest: object, ...files: readonly string[]): string {
  const root = temporaryDirectory('repository');
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
    chmodSync(join(root, file), 0o755);
  }
  return root;
}

function replacementIn(root: string, path = '/usr/bin:/bin'): string | null {
  return openClassifier({ PATH: path }).verdict('npx jest --ci', root).replacement;
}

describe('where no package.json has a governed script, the replacement', () => {
  test.each([
    ['npm', 'npx test-governor run'],
    ['pnpm', 'pnpm exec test-governor run'],
    ['yarn', 'yarn run test-governor run --'],
    ['bun', 'bunx test-governor run'],
  ])('goes through %s where the program is a dependency', (manager, launcher) => {
    const manifest = { packageManager: `${manager}@1.22.22` };
    const root = repository(manifest, 'node_modules/.bin/test-governor', 'packages/cart/package.json');
    expect(replacementIn(root)).toBe(`${launcher} jest -- --ci`);
  });

  test.each([['npm'], ['pnpm'], ['yarn'], ['bun']])(
    'asks no registry through %s for what is no dependency: it names the program on PATH, else by its path',
    (manager) => {
      const root = repository({ packageManager: `${manager}@1.22.22` }, 'installed/bin/test-governor');
      expect(replacementIn(root)).toBe(`${program} run jest -- --ci`);
      expect(replacementIn(root, `${root}/installed/bin:/bin`)).toBe('test-governor run jest -- --ci');
      expect(replacementIn(root, 'installed/bin:/bin')).toBe(`${program} run jest -- --ci`);
    },
  );

  test.each([
    '.npm/_npx/542a9d4728b1d431/node_modules/.bin',
    '.cache/pnpm/dlx/a1b2/1973/node_modules/.bin',
    'tmp/bunx-0-test-governor@latest/node_modules/.bin',
  ])('is no name that only a command started through npx or its like finds: %s', (place) => {
    const root = repository({});
    const away = repository({}, `${place}/test-governor`);
    expect(replacementIn(root, `${away}/${place}:/usr/bin`)).toBe(`${program} run jest -- --ci`);
  });

  test('is the governed script where there is one, and names no place on this machine for documents', () => {
    const root = repository({ scripts: { 'test:governed': 'test-governor run' } });
    expect(replacementIn(root)).toBe('npm run test:governed -- jest -- --ci');
    const bare = repository({});
    expect(openClassifier().verdict('npx jest', bare).replacement).toBe('npx test-governor run jest');
  });

  test('is itself a governed command', () => {
    const root = repository({});
    const line = replacementIn(root) ?? '';
    expect(openClassifier({}).verdict(line, root).verdict).toBe('governed');
  });
});
