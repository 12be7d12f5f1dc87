import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { copyCheckout, networkEnvironment, npmCache, runProgram, versionedFiles } from '../helpers/checkout';
import { baseEnvironment } from '../helpers/shell';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const minutes = 60_000;
const home = realpathSync(mkdtempSync(join(tmpdir(), 'test-governor-package-')));
const source = join(home, 'source');
/** Where a user's global packages go; the space is not unusual on a Mac. */
const prefix = join(home, 'global packages');
const installed = join(prefix, 'lib', 'node_modules', 'test-governor');
let env: Record<string, string> = {};
let workspace: Workspace;

beforeAll(async () => {
  env = baseEnvironment({
    npm_config_cache: npmCache(),
    npm_config_prefer_offline: 'true',
    npm_config_loglevel: 'error',
    ...networkEnvironment(),
  });
  copyCheckout(source, { installed: true });
  const packed = await runProgram('npm', ['pack', '--pack-destination', home], { cwd: source, env });
  expect(packed).toMatchObject({ status: 0 });
  const archive = readdirSync(home).find((name) => name.endsWith('.tgz')) ?? 'no archive was packed';
  mkdirSync(prefix);
  const install = await runProgram('npm', ['install', '--global', '--prefix', prefix, join(home, archive)], {
    cwd: home,
    env,
  });
  expect(install).toMatchObject({ status: 0 });
  workspace = makeWorkspace({ files: jestSuite(), link: ['jest'] });
}, 5 * minutes);

afterAll(() => {
  workspace?.cleanup();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a line as a new user would after `npm install --global`: the bins are on PATH, nothing else is set. */
function asUser(line: string, more: Readonly<Record<string, string>> = {}): ReturnType<typeof runProgram> {
  const PATH = [join(prefix, 'bin'), env.PATH ?? ''].join(delimiter);
  return runProgram('bash', ['-c', line], { cwd: workspace.path, env: baseEnvironment({ PATH, ...more }) });
}

describe('the npm package', () => {
  test('holds what it needs to run and nothing else', () => {
    const versioned = versionedFiles(
      'bin',
      'hooks',
      'shims',
      'schemas',
      'share',
      'templates',
      'docs',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'package.json',
    );
    const files = filesOf(installed);
    const built = files.filter((file) => /^dist\/[a-z-]+\.cjs(\.LEGAL\.txt)?$/.test(file));
    expect(built).toEqual(expect.arrayContaining(['dist/ask.cjs', 'dist/cli.cjs']));
    expect(files).toEqual([...versioned, ...built].sort());
  });

  test('keeps programs executable, and everything else not', () => {
    const executable = filesOf(installed).filter(
      (file) => (statSync(join(installed, file)).mode & 0o111) !== 0,
    );
    const expected = versionedFiles('bin', 'share', 'shims').filter((file) => !file.startsWith('shims/.'));
    expect(executable).toEqual([...expected].sort());
  });

  test('needs nothing but its runtime dependencies', () => {
    expect(readdirSync(join(installed, 'node_modules'))).not.toContain('jest');
  });

  test('links every bin', () => {
    expect(readdirSync(join(prefix, 'bin')).sort()).toEqual([
      'load-monitor',
      'safe-test-runner',
      'test-governor',
      'with-guard',
    ]);
  });
});

describe('installed globally', () => {
  test('test-governor answers through its link', async () => {
    const { status, output } = await asUser("test-governor classify -- 'npx jest --ci'");
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('jest -- --ci') });
  });

  test.each([['npx jest'], ['npm test'], ['./node_modules/.bin/jest'], ['sh -c "npx jest"']])(
    'with-guard blocks %s where policy is enforced',
    async (line) => {
      const before = workspace.runs();
      const { status, output } = await asUser(`with-guard bash -c '${line}'`, {
        BASESHOP_POLICY_MODE: 'enforce',
      });
      expect({ status, output }).toMatchObject({ status: 126, output: expect.stringContaining('jest') });
      expect(workspace.runs()).toBe(before);
    },
  );

  test('with-guard lets tests run with a warning by default', async () => {
    const before = workspace.runs();
    const { status, output } = await asUser("with-guard bash -c 'npx jest'");
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('1 passed') });
    // No dependency of this repository, so npx would have to fetch it.
    expect(output).toContain('Run this instead: test-governor run jest');
    // Nothing that the guard's own files have to complain about.
    expect(output).not.toMatch(/(hooks|shims)\S*: /);
    expect(workspace.runs()).toBe(before + 1);
  });

  test('the generated files in it are current', async () => {
    expect(await asUser('test-governor generate --check')).toMatchObject({ status: 0 });
  });
});

/** All files below a package's directory, its dependencies left out; sorted, relative. */
function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((file) => !file.startsWith('node_modules/'))
    .sort();
}
