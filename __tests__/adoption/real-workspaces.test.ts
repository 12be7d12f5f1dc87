import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { npmCache, type Outcome, runProgram } from '../helpers/checkout.ts';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';
import { linkPackage } from '../helpers/workspace.ts';

// Real package managers on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(120_000);

const minutes = 60_000;
const home = realpathSync(mkdtempSync(join(tmpdir(), 'real-workspaces-')));
let archive = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  env = baseEnvironment({
    PATH: [join(guardedRoot, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
    npm_config_cache: npmCache(),
    // Yarn keeps packed files by name and version: one that was packed before would be installed again.
    YARN_CACHE_FOLDER: join(home, 'yarn-cache'),
    npm_config_prefer_offline: 'true',
    npm_config_loglevel: 'error',
    npm_config_update_notifier: 'false',
    // No package manager may look for another version of itself.
    COREPACK_ENABLE_STRICT: '0',
    BASESHOP_POLICY_MODE: 'off',
    // These runs take turns on any machine, however busy it is.
    TEST_THROTTLE_ENABLED: 'false',
  });
  // What is built already is what would be packed; it need not be built for this again.
  const packed = await runProgram('npm', ['pack', '--ignore-scripts', '--pack-destination', home], {
    cwd: guardedRoot,
    env,
  });
  expect(packed).toMatchObject({ status: 0 });
  archive = join(home, readdirSync(home).find((name) => name.endsWith('.tgz')) ?? 'none');
}, 5 * minutes);

afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** How one package manager installs, and starts a script of a member with further arguments. */
interface Manager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  readonly install: readonly string[];
  readonly files: Readonly<Record<string, unknown>>;
  readonly workspaces: boolean;
  /** The words that start a script of the member, from its directory. */
  run(script: string, args: readonly string[]): readonly string[];
}

const managers: readonly Manager[] = [
  {
    name: 'npm',
    install: ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
    files: {},
    workspaces: true,
    run: (script, args) => ['run', '--silent', script, '--', ...args],
  },
  {
    name: 'pnpm',
    install: ['install', '--ignore-scripts', '--prefer-offline', '--no-frozen-lockfile'],
    files: { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' },
    workspaces: false,
    run: (script, args) => ['run', '--silent', script, ...args],
  },
  {
    name: 'yarn',
    install: ['install', '--ignore-scripts', '--non-interactive', '--prefer-offline'],
    files: {},
    workspaces: true,
    run: (script, args) => ['--silent', 'run', script, ...args],
  },
];

/** What jest was asked for, written by its own reporter. */
interface Recorded {
  readonly cwd: string;
  readonly flag: string | null;
  readonly pattern: string;
  readonly workers: number;
  readonly passed: number;
}

const reporter = `const { appendFileSync } = require('node:fs');
module.exports = class {
  constructor(globalConfig) { this.config = globalConfig; }
  onRunComplete(_contexts, results) {
    appendFileSync(process.env.RECORD, JSON.stringify({
      cwd: process.cwd(), flag: process.env.FLAG ?? null, pattern: this.config.testNamePattern,
      workers: this.config.maxWorkers, passed: results.numPassedTests,
    }) + '\\n');
  }
};
`;

/** A run with a variable, and one along a chain, with node's own options, that fails. */
const scripts = {
  test: 'FLAG=on npx --no-install jest',
  'test:chain':
    'echo before && node --no-warnings ../../node_modules/jest/bin/jest.js --testMatch "**/failing.js" && echo never',
};

function writeWorkspace(manager: Manager): string {
  const root = join(home, manager.name);
  const files: Readonly<Record<string, unknown>> = {
    'package.json': {
      name: 'root',
      private: true,
      version: '1.0.0',
      ...(manager.workspaces ? { workspaces: ['packages/*'] } : {}),
      scripts: { build: 'node -p 1' },
      devDependencies: { 'test-governor': `file:${archive}` },
    },
    'packages/slug/package.json': {
      name: 'slug',
      version: '1.0.0',
      private: true,
      scripts,
      jest: { transform: {}, watchman: false, reporters: ['<rootDir>/record.cjs'] },
    },
    'packages/slug/record.cjs': reporter,
    'packages/slug/slug.test.js': "test('one', () => {});\ntest('two words', () => {});\n",
    'packages/slug/failing.js': "test('fails', () => { throw new Error('on purpose'); });\n",
    ...manager.files,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  return root;
}

describe.each(managers)('a workspace of $name', (manager) => {
  let root = '';
  let member = '';
  const before = new Map<string, { readonly outcome: Outcome; readonly recorded: readonly Recorded[] }>();

  /** Starts a script of the member and gives how it ended and what jest was asked for. */
  async function run(script: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const record = join(root, 'record.ndjson');
    rmSync(record, { force: true });
    const outcome = await runProgram(manager.name, manager.run(script, args), {
      cwd: member,
      env: { ...env, RECORD: record, ...more },
    });
    const lines = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
    return { outcome, recorded: lines.map((line): Recorded => JSON.parse(line)) };
  }

  function governor(...args: readonly string[]): Promise<Outcome> {
    return runProgram(join(root, 'node_modules', '.bin', 'test-governor'), args, { cwd: root, env });
  }

  const calls: readonly (readonly [string, readonly string[]])[] = [
    ['test', ['-t', 'two words']],
    ['test:chain', []],
  ];

  beforeAll(async () => {
    root = writeWorkspace(manager);
    member = join(root, 'packages', 'slug');
    const installed = await runProgram(manager.name, manager.install, { cwd: root, env });
    expect(installed).toMatchObject({ status: 0 });
    linkPackage(root, 'jest');
    for (const [script, args] of calls) before.set(script, await run(script, args));
    expect(await governor('migrate', '--write')).toMatchObject({ status: 0 });
  }, 5 * minutes);

  test('is clean once it is migrated', async () => {
    const { status, output } = await governor('audit');
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('Clean: ') });
    expect(JSON.parse(readFileSync(join(member, 'package.json'), 'utf8')).scripts).toEqual({
      test: 'FLAG=on test-governor run jest --',
      'test:chain': `echo before && NODE_OPTIONS="\${NODE_OPTIONS:-} --no-warnings" test-governor run jest -- --testMatch "**/failing.js" && echo never`,
    });
  });

  test.each([
    ['without CI', {}],
    ['in CI', { CI: 'true' }],
  ])('runs what it ran before, with two workers, %s', async (_where, more) => {
    const was = before.get('test');
    const is = await run('test', ['-t', 'two words'], more);
    expect(was?.recorded).toMatchObject([{ cwd: member, flag: 'on', pattern: 'two words', passed: 1 }]);
    expect(is.outcome.status).toBe(0);
    expect(is.recorded.map(({ workers: _, ...rest }) => rest)).toEqual(
      was?.recorded.map(({ workers: _, ...rest }) => rest),
    );
    expect(is.recorded).toMatchObject([{ workers: 2 }]);
  });

  test('fails along a chain as it failed before', async () => {
    const is = await run('test:chain', []);
    for (const each of [before.get('test:chain'), is]) {
      expect(each?.outcome).toMatchObject({ status: 1, output: expect.stringMatching(/before/) });
      expect(each?.outcome.output).not.toContain('never');
      expect(each?.recorded).toMatchObject([{ cwd: member, passed: 0 }]);
    }
  });

  test('has the governed script at its root', async () => {
    const record = join(root, 'record.ndjson');
    rmSync(record, { force: true });
    const words = { npm: ['--prefix', root], pnpm: ['-w'], yarn: ['--cwd', root] }[manager.name];
    const { status } = await runProgram(
      manager.name,
      [...words, 'run', 'test:governed', ...(manager.name === 'npm' ? ['--'] : []), 'jest', '-t', 'one'],
      { cwd: member, env: { ...env, RECORD: record } },
    );
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
      cwd: member,
      pattern: 'one',
      passed: 1,
    });
  });
});
