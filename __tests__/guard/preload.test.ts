import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  baseEnvironment,
  guardedRoot,
  quote,
  readEvents,
  runShell,
  type ShellResult,
} from '../helpers/shell';
import {
  awkwardName,
  jestSuite,
  makeWorkspace,
  vitestSuite,
  type Workspace,
  type WorkspaceOptions,
} from '../helpers/workspace';
import { temporaryDirectory } from './shim-lab';

// Real runners start workers of their own; a busy machine takes its time over that.
jest.setTimeout(60_000);

const preload = join(guardedRoot, 'hooks/preload.cjs');
const made: Workspace[] = [];

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

function workspace(options: Partial<WorkspaceOptions> = {}): Workspace {
  const one = makeWorkspace({ files: jestSuite(), link: ['jest', 'vitest'], git: true, ...options });
  made.push(one);
  return one;
}

/** Node by its absolute path, with nothing of the guard but the preload. */
function node(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
  file = preload,
): Promise<ShellResult> {
  const env = baseEnvironment({ CI: '1', NODE_OPTIONS: `--require ${JSON.stringify(file)}`, ...more });
  return runShell({ shell: process.execPath, args, cwd, env });
}

/** A suite whose one test runs another suite through a jest of its own. */
function startsJestOn(pattern: string): string {
  return `test('starts another', () => {
  require('node:child_process').execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', '${pattern}'], {
    stdio: 'inherit',
  });
});
`;
}

const enforce = { BASESHOP_POLICY_MODE: 'enforce' };

function outcomes({ path }: Workspace): readonly unknown[] {
  return readEvents(join(path, '.cache/test-governor')).map(({ outcome }) => outcome);
}

function messages({ stderr }: ShellResult): number {
  return stderr.split('\n').filter((line) => line.startsWith('test-governor: ')).length;
}

describe('the preload, under enforce, ends with 126', () => {
  test.each([
    ['the link in .bin', ['node_modules/.bin/jest']],
    ['the main file', ['node_modules/jest/bin/jest.js']],
    ['the main file without its ending', ['node_modules/jest/bin/jest']],
    ['a link from elsewhere', ['tools/check']],
    [
      'options of node before it',
      ['--max-old-space-size=512', '--no-warnings', 'node_modules/jest/bin/jest.js'],
    ],
    ['arguments behind it', ['node_modules/.bin/jest', '--ci', '-t', 'a b']],
  ])('jest by %s', async (_what, args) => {
    const one = workspace();
    mkdirSync(join(one.path, 'tools'));
    symlinkSync('../node_modules/jest/bin/jest.js', join(one.path, 'tools/check'));
    const result = await node(args, one.path, enforce);
    expect(result).toMatchObject({
      status: 126,
      stdout: '',
      stderr: expect.stringContaining('no tests ran'),
    });
    expect({ runs: one.runs(), messages: messages(result), outcomes: outcomes(one) }).toEqual({
      runs: 0,
      messages: 1,
      outcomes: ['blocked'],
    });
  });

  test('vitest', async () => {
    const one = workspace({ files: vitestSuite() });
    expect(await node(['node_modules/.bin/vitest', 'run'], one.path, enforce)).toMatchObject({ status: 126 });
    expect(one.runs()).toBe(0);
  });

  test('in a directory with an awkward name, itself in another', async () => {
    const one = workspace({ name: awkwardName });
    const root = temporaryDirectory(awkwardName);
    for (const name of ['hooks', 'dist'])
      cpSync(join(guardedRoot, name), join(root, name), { recursive: true });
    const result = await node(['node_modules/.bin/jest'], one.path, enforce, join(root, 'hooks/preload.cjs'));
    expect(result).toMatchObject({ status: 126 });
    expect(one.runs()).toBe(0);
  });

  test('asking the package installed above it when it has no build beside it', async () => {
    const one = workspace();
    const root = temporaryDirectory();
    mkdirSync(join(root, 'packages/a/hooks'), { recursive: true });
    cpSync(preload, join(root, 'packages/a/hooks/preload.cjs'));
    mkdirSync(join(root, 'node_modules/test-governor'), { recursive: true });
    symlinkSync(join(guardedRoot, 'dist'), join(root, 'node_modules/test-governor/dist'));
    const file = join(root, 'packages/a/hooks/preload.cjs');
    expect(await node(['node_modules/.bin/jest'], one.path, enforce, file)).toMatchObject({ status: 126 });
  });
});

describe('the preload lets the workers of a runner pass: one message, one event', () => {
  const twoSuites = (suite: Record<string, string>, name: string): Record<string, string> => ({
    ...suite,
    [`second.${name}`]: suite[`sum.${name}`] ?? '',
  });

  test('jest with worker processes', async () => {
    const one = workspace({ files: twoSuites(jestSuite(), 'test.js') });
    const result = await node(['node_modules/.bin/jest', '--maxWorkers=2'], one.path);
    expect(result).toMatchObject({ status: 0 });
    expect({ runs: one.runs(), messages: messages(result), outcomes: outcomes(one) }).toEqual({
      runs: 2,
      messages: 1,
      outcomes: ['warned'],
    });
  });

  test('jest with worker threads', async () => {
    const one = workspace({
      files: twoSuites(jestSuite({ manifest: { jest: { transform: {}, workerThreads: true } } }), 'test.js'),
    });
    const result = await node(['node_modules/.bin/jest', '--maxWorkers=2', '--watchman=false'], one.path);
    expect(result).toMatchObject({ status: 0 });
    expect({ runs: one.runs(), messages: messages(result) }).toEqual({ runs: 2, messages: 1 });
  });

  test.each(['forks', 'threads', 'vmThreads'])('vitest with %s', async (pool) => {
    const one = workspace({ files: twoSuites(vitestSuite(), 'test.mjs') });
    const result = await node(['node_modules/.bin/vitest', 'run', `--pool=${pool}`], one.path);
    expect(result).toMatchObject({ status: 0 });
    expect({ runs: one.runs(), messages: messages(result), outcomes: outcomes(one) }).toEqual({
      runs: 2,
      messages: 1,
      outcomes: ['warned'],
    });
  });

  test('a test that starts node and a runner itself', async () => {
    const inner = `const { execFileSync } = require('node:child_process');
test('inner', () => {
  execFileSync(process.execPath, ['-e', '0']);
  execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', '--version']);
  execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', 'sum']);
});
`;
    const one = workspace({ files: { ...jestSuite(), 'inner.test.js': inner } });
    const result = await node(['node_modules/.bin/jest', 'inner'], one.path);
    expect(result).toMatchObject({ status: 0 });
    expect({ runs: one.runs(), messages: messages(result), outcomes: outcomes(one) }).toEqual({
      runs: 1,
      messages: 1,
      outcomes: ['warned'],
    });
  });
});

describe('the preload does not change what is no runner', () => {
  const show = `
const shown = {
  globals: Object.getOwnPropertyNames(globalThis).length,
  modules: Object.keys(require.cache),
  listeners: process.eventNames().map(String),
  env: Object.keys(process.env).filter((name) => !['NODE_OPTIONS', 'HOME'].includes(name)).sort(),
  argv: process.argv.slice(1),
  execArgv: process.execArgv,
  main: require.main?.filename,
  handles: process.getActiveResourcesInfo(),
};
console.log(JSON.stringify(shown));
`;

  test.each([
    ['a script', ['show.cjs', 'a', 'b']],
    ['a script whose name is one of a runner', ['jest.js']],
    ['-e', ['-e', show, 'x']],
    ['-p', ['-p', '1 + 1']],
    ['an ES module', ['show.mjs']],
    ['--input-type=module', ['--input-type=module', '-e', 'console.log(process.argv.length)']],
    ['--check', ['--check', 'show.cjs']],
    ['a file that is not there', ['missing.js']],
    ['a worker thread', ['worker.cjs']],
    ['--version', ['--version']],
  ])('%s', async (_what, args) => {
    const lab = temporaryDirectory();
    writeFileSync(join(lab, 'show.cjs'), show);
    writeFileSync(join(lab, 'jest.js'), show);
    writeFileSync(
      join(lab, 'show.mjs'),
      'console.log(process.argv.length, Object.keys(globalThis).length);\n',
    );
    writeFileSync(
      join(lab, 'worker.cjs'),
      `const { Worker } = require('node:worker_threads');
new Worker('console.log(process.argv.length, Object.keys(require.cache).length)', { eval: true });
`,
    );
    const env = baseEnvironment();
    const run = (more: Record<string, string>): Promise<ShellResult> =>
      runShell({ shell: process.execPath, args, cwd: lab, env: { ...env, ...more } });
    const withIt = await run({ NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    expect(withIt).toEqual(await run({ NODE_OPTIONS: '' }));
  });

  test('a script on stdin', async () => {
    const env = baseEnvironment({ NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    const result = await runShell({
      shell: process.execPath,
      stdin: 'console.log(process.argv.length)',
      env,
    });
    expect(result).toMatchObject({ status: 0, stdout: '1\n', stderr: '' });
  });

  test('a directory that was removed', async () => {
    const lab = temporaryDirectory();
    writeFileSync(join(lab, 'show.cjs'), 'console.log("ran")\n');
    const env = baseEnvironment({ NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    const script = `mkdir gone && cd gone && rmdir ../gone && exec ${quote(process.execPath)} ${quote(join(lab, 'show.cjs'))}`;
    expect(await runShell({ shell: 'sh', script, cwd: lab, env })).toMatchObject({
      status: 0,
      stdout: 'ran\n',
    });
  });
});

describe('a guard that is broken says so once, in one sentence, and the tests run', () => {
  function copyWith(ask: string | null): string {
    const root = temporaryDirectory('guard');
    mkdirSync(join(root, 'hooks'));
    cpSync(preload, join(root, 'hooks/preload.cjs'));
    if (ask !== null) {
      mkdirSync(join(root, 'dist'));
      writeFileSync(join(root, 'dist/ask.cjs'), ask);
    }
    return join(root, 'hooks/preload.cjs');
  }

  test.each([
    ['there is no build', null, 'dist/ask.cjs is not there (npm run build makes it)'],
    ['the asker fails', 'process.exitCode = 7;', 'dist/ask.cjs failed (7)'],
    ['the asker is killed', "process.kill(process.pid, 'SIGKILL');", 'dist/ask.cjs failed (null)'],
  ])('when %s', async (_what, ask, reason) => {
    const one = workspace();
    writeFileSync(join(one.path, 'outer.test.js'), startsJestOn('sum'));
    const result = await node(['node_modules/.bin/jest', 'outer'], one.path, enforce, copyWith(ask));
    expect({ status: result.status, runs: one.runs() }).toEqual({ status: 0, runs: 1 });
    expect(messages(result)).toBe(1);
    expect(result.stderr).toContain(`test-governor: ${reason}, so this test runner runs without a check`);
  });

  test('when the environment is frozen, nothing is said and the answer holds', async () => {
    const one = workspace();
    const freeze = join(one.path, 'freeze.cjs');
    writeFileSync(freeze, 'process.env = Object.freeze({ ...process.env });\n');
    const options = (...files: readonly string[]): Record<string, string> => ({
      NODE_OPTIONS: files.map((file) => `--require ${JSON.stringify(file)}`).join(' '),
    });
    expect(
      await node(['node_modules/.bin/jest'], one.path, { ...enforce, ...options(freeze, preload) }),
    ).toMatchObject({
      status: 126,
    });
  });
});

describe('a decision made above', () => {
  test('is not asked for again, and the process adds its pid to it', async () => {
    const one = workspace();
    const env = baseEnvironment({ CI: '1', NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    writeFileSync(join(one.path, 'outer.test.js'), startsJestOn('sum'));
    await runShell({
      shell: process.execPath,
      args: ['node_modules/.bin/jest', 'outer'],
      cwd: one.path,
      env,
    });
    const decisions = join(env.HOME ?? '', '.cache/test-governor/decisions');
    const [record = ''] = readdirSync(decisions).filter((name) => /^[0-9a-f]{32}$/.test(name));
    const adopted = readFileSync(join(decisions, record), 'utf8').split('\n').slice(1, -1);
    expect(adopted).toEqual([expect.stringMatching(/^\d+$/)]);
    expect(outcomes(one)).toEqual(['warned']);
    rmSync(decisions, { recursive: true });
  });
});
