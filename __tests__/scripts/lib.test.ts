import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { guardedRoot } from '../helpers/shell';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const home = mkdtempSync(join(tmpdir(), 'test-governor-lib-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The scripts are ES modules, which jest does not load: node calls the function and prints what it gives. */
function call(module: string, name: string, argument: unknown): unknown {
  const url = pathToFileURL(join(guardedRoot, 'scripts/lib', module)).href;
  const source = `import { ${name} } from ${JSON.stringify(url)}; console.log(JSON.stringify(${name}(${JSON.stringify(argument)})));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' }),
  );
}

describe('the plain environment', () => {
  test('has nothing that a guard or npm run put there, and all that the user set', () => {
    const shims = join(home, 'shims');
    mkdirSync(shims);
    writeFileSync(join(shims, '.test-governor-shims'), '');
    const guarded = {
      PATH: `${shims}:/x/node_modules/.bin:/usr/bin`,
      HOME: '/home/u',
      NODE_OPTIONS: `--max-old-space-size=512 --require "/a \\"b\\"/hooks/preload.cjs" --title="a b"`,
      BASH_ENV: '/x/hooks/bash-env.bash',
      BASESHOP_GUARD_USER_BASH_ENV: '/home/u/.env',
      ZDOTDIR: '/x/hooks/zsh',
      BASESHOP_POLICY_MODE: 'enforce',
      npm_config_registry: 'http://localhost',
      npm_lifecycle_event: 'test',
    };
    expect(call('plain-environment.mjs', 'plainEnvironment', guarded)).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/u',
      NODE_OPTIONS: '--max-old-space-size=512 --title="a b"',
      BASH_ENV: '/home/u/.env',
      npm_config_registry: 'http://localhost',
    });
  });

  test('has nothing left of what with-guard sets up', () => {
    const own = { PATH: '/usr/bin:/bin', HOME: home, SHLVL: '1' };
    const print = 'process.stdout.write(JSON.stringify(process.env))';
    const text = execFileSync(join(guardedRoot, 'bin/with-guard'), [process.execPath, '-e', print], {
      cwd: home,
      env: own,
      encoding: 'utf8',
    });
    const guarded: unknown = JSON.parse(text);
    expect(guarded).toHaveProperty('BASESHOP_GUARD_ROOT');
    // A shell has set PWD on the way.
    const plain = call('plain-environment.mjs', 'plainEnvironment', guarded);
    expect(plain).toEqual({ ...own, PWD: expect.any(String) });
  });

  test('is the environment itself where nobody changed it', () => {
    const own = {
      PATH: '/usr/bin',
      NODE_OPTIONS: '-r ./mine.cjs',
      BASH_ENV: '/e',
      ZDOTDIR: '/z',
      PROMPT_COMMAND: 'p',
    };
    expect(call('plain-environment.mjs', 'plainEnvironment', own)).toEqual(own);
  });
});

describe('the state of installed packages', () => {
  function directory(installed: object | null, present: readonly string[]): string {
    const path = mkdtempSync(join(home, 'packages-'));
    const packages = {
      '': { name: 'root' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/only-on-mac': { version: '1.0.0', optional: true },
    };
    writeFileSync(join(path, 'package-lock.json'), JSON.stringify({ packages }));
    mkdirSync(join(path, 'node_modules'));
    for (const name of present) mkdirSync(join(path, 'node_modules', name));
    if (installed !== null) {
      writeFileSync(join(path, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    }
    return path;
  }

  test.each([
    ['current', { 'node_modules/a': { version: '1.0.0' } }, ['a']],
    ['stale', { 'node_modules/a': { version: '0.9.0' } }, ['a']],
    ['stale', {}, []],
    ['stale', { 'node_modules/a': { version: '1.0.0' } }, []],
    ['missing', null, ['a']],
  ])('is %s with %j recorded and %j there', (state, installed, present) => {
    expect(call('packages.mjs', 'packagesState', directory(installed, present))).toBe(state);
  });
});
