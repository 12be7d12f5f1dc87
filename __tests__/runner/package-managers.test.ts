import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { quoteWord } from '../../src/policy/quote.ts';
import { baseEnvironment, guardedRoot, quote, roomyMachine, runShell } from '../helpers/shell.ts';
import { awkwardName, jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';

// Package managers start node several times each; a busy machine takes its time over that.
jest.setTimeout(60_000);

/** Runs in jest's main process, whose arguments these are, also when it has workers. */
const notes = `module.exports = () => {
  const root = require('node:path').dirname(require('node:fs').realpathSync(process.env.NOTE));
  const note = { args: process.argv.slice(2), cwd: process.cwd().slice(root.length) };
  require('node:fs').writeFileSync(process.env.NOTE, JSON.stringify(note));
};
`;
const jestConfig = (setup: string) => ({ transform: {}, watchman: false, globalSetup: setup });

let one: Workspace;
let note = '';
beforeAll(() => {
  const scripts = { 'test:governed': `${quote(join(guardedRoot, 'bin/test-governor'))} run` };
  one = makeWorkspace({
    files: {
      ...jestSuite({ scripts, manifest: { workspaces: ['packages/*'], jest: jestConfig('./notes.js') } }),
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'packages/a/package.json': JSON.stringify({
        name: 'a',
        version: '1.0.0',
        scripts,
        jest: jestConfig('../../notes.js'),
      }),
      'packages/a/src/deep.test.js': jestSuite()['sum.test.js'] ?? '',
      'packages/a/sum.test.js': jestSuite()['sum.test.js'] ?? '',
      'notes.js': notes,
      'note.json': '',
    },
    link: ['jest', 'pnpm', 'yarn'],
    git: true,
    name: awkwardName,
  });
  note = join(one.path, 'note.json');
});
afterAll(() => one.cleanup());

/** Types a line in a directory of the workspace. */
function type(line: string, at: string) {
  const env = baseEnvironment({ ...roomyMachine, NOTE: note, BASESHOP_CI_QUEUE: '1' });
  return runShell({
    shell: 'sh',
    script: line,
    cwd: join(one.path, at),
    env: { ...env, PATH: `${one.bin}:${env.PATH}` },
  });
}

/** The same; the arguments and the directory with which jest was started. */
async function typed(line: string, at: string): Promise<unknown> {
  const { status, stderr } = await type(line, at);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(note, 'utf8'));
}

describe('a leading `--` does not matter, whatever the package manager makes of it', () => {
  const plain = { args: ['--ci', 'sum', '--maxWorkers=2'], cwd: '' };

  test.each([
    ['npm run --silent test:governed -- jest -- --ci sum'],
    ['npm run --silent test:governed -- jest --ci sum'],
    ['npm run --silent test:governed -- -- jest -- --ci sum'],
    ['pnpm run --silent test:governed -- jest -- --ci sum'],
    ['pnpm run --silent test:governed jest -- --ci sum'],
    ['pnpm -w run --silent test:governed -- jest -- --ci sum'],
    ['pnpm test:governed jest --ci sum'],
    ['yarn -s test:governed jest -- --ci sum'],
    ['yarn -s test:governed -- jest -- --ci sum'],
    ['yarn -s run test:governed jest --ci sum'],
  ])('%s', async (line) => {
    expect(await typed(line, '')).toEqual(plain);
  });

  test.each([
    ['npm run --silent test:governed jest', { args: ['--maxWorkers=2'], cwd: '' }],
    ['npm run --silent test:governed jest sum', { args: ['sum', '--maxWorkers=2'], cwd: '' }],
  ])('%s', async (line, expected) => {
    expect(await typed(line, '')).toEqual(expected);
  });
});

/** The program as the scripts name it: it is no dependency of the workspace. */
const own = quoteWord(join(guardedRoot, 'bin/test-governor'));

describe('what is refused says what to type as this user can type it', () => {
  test.each([
    ['npm run --silent test:governed -- jset', `${own} run jest`],
    ['pnpm run --silent test:governed jset', `${own} run jest`],
    ['yarn -s test:governed jset', `${own} run jest`],
    [`${quote(join(guardedRoot, 'bin/test-governor'))} run jset`, 'test-governor run jest'],
  ])('%s', async (line, command) => {
    const { status, stderr } = await type(line, '');
    expect({ status, stderr }).toMatchObject({
      status: 64,
      stderr: expect.stringContaining(`did you mean: ${command}\n`),
    });
  });
});

describe('the run happens where the user was', () => {
  test.each([
    ['npm --prefix ../.. run --silent test:governed -- jest -- sum', 'packages/a'],
    ['pnpm -w run --silent test:governed -- jest -- sum', 'packages/a'],
    ['pnpm -w run --silent test:governed jest sum', 'packages/a'],
    ['yarn -s --cwd ../.. test:governed jest -- sum', 'packages/a'],
    ['pnpm -w run --silent test:governed -- jest -- deep', 'packages/a/src'],
    ['npm --prefix ../../.. run --silent test:governed -- jest -- deep', 'packages/a/src'],
  ])('%s in %s', async (line, at) => {
    const [pattern] = /\w+$/.exec(line) ?? [];
    expect(await typed(line, at)).toEqual({ args: [pattern, '--maxWorkers=2'], cwd: `/${at}` });
  });

  test.each([
    ['npm -w a run --silent test:governed -- jest -- sum', ''],
    ['npm --prefix ../packages/a run --silent test:governed -- jest -- sum', 'node_modules'],
    ['pnpm --filter a run --silent test:governed jest sum', ''],
    ['pnpm -C packages/a run --silent test:governed jest sum', ''],
    ['yarn -s --cwd packages/a test:governed jest sum', ''],
  ])('and in the package that the package manager was told of: %s in "%s"', async (line, at) => {
    expect(await typed(line, at)).toEqual({ args: ['sum', '--maxWorkers=2'], cwd: '/packages/a' });
  });

  test('and not where a package manager further up was', async () => {
    const line = `cd packages/a && INIT_CWD=/ ${quote(join(guardedRoot, 'bin/test-governor'))} run jest -- sum`;
    expect(await typed(line, '')).toEqual({ args: ['sum', '--maxWorkers=2'], cwd: '/packages/a' });
  });
});

describe("Yarn's Plug'n'Play, which has no node_modules,", () => {
  /** Resolves as the file does that yarn makes and loads into every node. */
  const pnp = `process.versions.pnp = '3';
const Module = require('node:module');
const resolve = Module._resolveFilename;
const { dirname, join } = require('node:path');
Module._resolveFilename = (request, parent, ...rest) => {
  const isNamed = request.startsWith('jest/') && dirname(parent.filename) === __dirname;
  return resolve(isNamed ? join(__dirname, 'store', request) : request, parent, ...rest);
};
`;

  test.each(['', 'packages/a'])('is asked for the runner that the root names, also in "%s"', async (at) => {
    const files = {
      'package.json': '{}',
      'packages/a/package.json': '{}',
      'pnp.cjs': pnp,
      'store/jest/package.json': JSON.stringify({ name: 'jest', version: '30.0.0', bin: './jest.js' }),
      'store/jest/jest.js': 'console.log("ran", ...process.argv.slice(2))',
    };
    const workspace = makeWorkspace({ files, git: true });
    try {
      const { status, stdout, stderr } = await runShell({
        shell: 'sh',
        script: `${quote(join(guardedRoot, 'bin/test-governor'))} run jest -- --ci`,
        cwd: join(workspace.path, at),
        env: baseEnvironment({
          ...roomyMachine,
          NODE_OPTIONS: `--require ${join(workspace.path, 'pnp.cjs')}`,
        }),
      });
      expect(stderr).toBe('');
      expect(stdout).toBe('ran --ci --maxWorkers=2\n');
      expect(status).toBe(0);
    } finally {
      workspace.cleanup();
    }
  });

  test('is reached through yarn, which is said to whoever starts a run without it', async () => {
    const files = { 'package.json': '{}', 'yarn.lock': '__metadata:\n', '.pnp.cjs': pnp };
    const workspace = makeWorkspace({ files, git: true });
    try {
      const { status, stderr } = await runShell({
        shell: 'sh',
        script: `${quote(join(guardedRoot, 'bin/test-governor'))} run jest`,
        cwd: workspace.path,
        env: baseEnvironment(roomyMachine),
      });
      expect(stderr).toMatch(
        /^test-governor: jest cannot be found at or above .*, as in: yarn run test:governed jest$/m,
      );
      expect(status).toBe(64);
    } finally {
      workspace.cleanup();
    }
  });

  test('is not looked for above a project of another package manager', async () => {
    const files = { '.pnp.cjs': pnp, 'a/package.json': '{}', 'a/package-lock.json': '{}' };
    const workspace = makeWorkspace({ files });
    try {
      const { stderr } = await runShell({
        shell: 'sh',
        script: `${quote(join(guardedRoot, 'bin/test-governor'))} run jest`,
        cwd: join(workspace.path, 'a'),
        env: baseEnvironment(roomyMachine),
      });
      expect(stderr).toMatch(
        /^test-governor: jest is not installed at or above .*: npm install --save-dev jest$/m,
      );
    } finally {
      workspace.cleanup();
    }
  });
});
