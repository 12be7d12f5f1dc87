import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, quote, readEvents, roomyMachine, runShell } from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, turboSuite, type Workspace } from '../helpers/workspace.ts';

// turbo and the package managers start node several times each; a busy machine takes its time over that.
jest.setTimeout(120_000);

const made: { cleanup(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

function workspace(
  files: Readonly<Record<string, string>>,
  top: Readonly<Record<string, string>> = {},
): Workspace {
  const one = makeWorkspace({
    files: { ...files, ...top },
    link: ['jest', 'turbo', 'pnpm', 'yarn', 'vitest'],
    git: true,
  });
  made.push(one);
  return one;
}

const governor = quote(join(guardedRoot, 'bin/test-governor'));

/** A suite whose test runs a command line, and fails when that does. */
function starts(line: string): string {
  return `test('starts', () => {
  const { status, stdout, stderr } = require('node:child_process').spawnSync(${JSON.stringify(line)}, { shell: true, encoding: 'utf8' });
  if (status !== 0) throw new Error(status + stdout + stderr);
}, 100_000);
`;
}

/** The scopes, each with the environment that chooses it. */
const scopes = [
  ['repo', {}],
  ['machine', { BASESHOP_TEST_LOCK_SCOPE: 'machine' }],
] as const;

interface Inside {
  readonly status: number | null;
  readonly output: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** Runs a line of sh in an enforcing guarded shell, in which waiting would be given up soon. */
async function guarded(
  one: Workspace,
  script: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Inside> {
  const env = baseEnvironment({
    ...roomyMachine,
    BASESHOP_POLICY_MODE: 'enforce',
    BASESHOP_CI_QUEUE: '1',
    BASESHOP_QUEUE_TIMEOUT: '30',
    ...more,
  });
  const { status, stdout, stderr } = await runShell({
    shell: join(guardedRoot, 'bin/with-guard'),
    args: ['sh', '-c', script],
    cwd: one.path,
    env: { ...env, PATH: `${env.PATH}:${one.bin}` },
    timeoutMs: 110_000,
  });
  return {
    status,
    output: stdout + stderr,
    events: readEvents(more.BASESHOP_STATE_DIR ?? join(one.path, '.cache/test-governor')),
  };
}

/** It passed every layer: nothing was said, nothing waited, and one run is on record. */
function expectOneRun({ status, output, events }: Inside): void {
  expect(output).not.toMatch(/test-governor: (?!ended)/);
  expect(status).toBe(0);
  expect(events).toMatchObject([{ event: 'run', outcome: 'ended' }]);
}

describe('below a governed turbo run, in its strict environment mode', () => {
  const run = `${governor} run turbo -- run test --filter=one --filter=two`;

  test.each(scopes)('package scripts start jest, in the queue of the %s', async (_scope, environment) => {
    const one = workspace(turboSuite(['one', 'two']));
    expectOneRun(await guarded(one, run, environment));
    expect([one.runs('packages/one'), one.runs('packages/two')]).toEqual([1, 1]);
  });

  test.each(scopes)(
    'a governed script runs at once and shaped, under the lease above it, in the queue of the %s',
    async (_scope, environment) => {
      const suite = turboSuite(['one', 'two']);
      const note =
        "require('node:fs').writeFileSync(__dirname + '/arguments.log', process.argv.slice(2).join(' '));";
      for (const name of ['one', 'two']) {
        const manifest = JSON.parse(suite[`packages/${name}/package.json`] ?? '');
        manifest.scripts.test = `${governor} run jest`;
        suite[`packages/${name}/package.json`] = JSON.stringify(manifest);
        suite[`packages/${name}/sum.test.js`] = `test('notes', () => { ${note} });\n`;
      }
      const one = workspace(suite);
      // Its own place for state, of which turbo's tasks hear nothing.
      const state = mkdtempSync(join(tmpdir(), 'inside-state-'));
      made.push({ cleanup: () => rmSync(state, { recursive: true, force: true }) });
      expectOneRun(await guarded(one, run, { ...environment, BASESHOP_STATE_DIR: state }));
      for (const name of ['one', 'two']) {
        expect(readFileSync(join(one.path, `packages/${name}/arguments.log`), 'utf8')).toBe('--maxWorkers=2');
      }
      expect(existsSync(join(one.path, '.cache/test-governor/queue'))).toBe(false);
    },
  );
});

describe('below a place that a script acquired', () => {
  test('a raw run is blocked as anywhere, and a governed one does not wait', async () => {
    const one = workspace(jestSuite());
    const acquire = `${governor} queue acquire --pid $$ >/dev/null`;
    const { output, events } = await guarded(
      one,
      `${acquire}; npx jest; echo "raw $?"; ${governor} run jest; echo "governed $?"`,
      { BASESHOP_QUEUE_TIMEOUT: '1' },
    );
    expect(output).toMatch(/raw 126\n/);
    expect(output).toMatch(/governed 0\n/);
    expect(one.runs()).toBe(1);
    expect(events).toMatchObject([
      { event: 'intercepted', outcome: 'blocked' },
      { event: 'run', outcome: 'ended' },
    ]);
  });
});

describe('below a governed jest run', () => {
  const run = `${governor} run jest -- outer`;

  test.each([
    'npx jest sum',
    'npm test -- sum',
    './node_modules/.bin/jest sum',
    'node node_modules/jest/bin/jest.js sum',
    `${quote(process.execPath)} node_modules/jest/bin/jest.js sum`,
    'pnpm exec jest sum',
    'pnpm test sum',
    'yarn -s jest sum',
    'yarn -s test sum',
    'bash -c "npx jest sum"',
    'zsh -c "./node_modules/.bin/jest sum"',
    `${governor} run jest -- sum`,
    `npm run --silent test:governed -- jest -- sum`,
    // An override has nothing left to override.
    'BASESHOP_ALLOW_BYPASS_POLICY=1 npx jest sum',
    'BASESHOP_ALLOW_OVERLOAD=1 npx jest sum',
    'BASESHOP_POLICY_MODE=off ./node_modules/.bin/jest sum',
    // Another layer's variables are gone; the ancestors are not.
    `env -i PATH="$PATH" NODE_OPTIONS="$NODE_OPTIONS" npx jest sum`,
  ])('a test starts %s, which runs at once', async (line) => {
    const scripts = { test: 'jest', 'test:governed': `${governor} run` };
    const one = workspace(jestSuite({ scripts }), { 'outer.test.js': starts(line) });
    expectOneRun(await guarded(one, run));
    expect(one.runs()).toBe(1);
  });

  test('a test starts jest in another repository', async () => {
    const other = workspace(jestSuite());
    const one = workspace(jestSuite(), { 'outer.test.js': starts(`cd ${quote(other.path)} && npx jest`) });
    expectOneRun(await guarded(one, run));
    expect(other.runs()).toBe(1);
    expect(existsSync(join(other.path, '.cache/test-governor/events.jsonl'))).toBe(false);
  });

  test('worker processes pass', async () => {
    const suite = jestSuite();
    const one = workspace(suite, { 'second.test.js': suite['sum.test.js'] ?? '' });
    expectOneRun(await guarded(one, `${governor} run jest -- --maxWorkers=2`));
    expect(one.runs()).toBe(2);
  });
});

describe('a marker that was copied by hand', () => {
  test('does not help in another shell, although the lease that it names is alive', async () => {
    const one = workspace(jestSuite(), {
      'outer.test.js': `test('waits', async () => {
  const fs = require('node:fs');
  const ours = Object.entries(process.env).filter(([name]) => name.startsWith('BASESHOP_'));
  fs.writeFileSync('copied.sh', ours.map(([name, value]) => \`export \${name}='\${value}'\\n\`).join(''));
  fs.renameSync('copied.sh', 'marker.sh');
  while (fs.existsSync('marker.sh') && !fs.existsSync('release')) await new Promise((resolve) => setTimeout(resolve, 20));
}, 100_000);
`,
    });
    const holder = guarded(one, `${governor} run jest -- outer`);
    while (!existsSync(join(one.path, 'marker.sh'))) await new Promise((resolve) => setTimeout(resolve, 20));
    const line = (command: string) => `. ./marker.sh; ${command}`;
    const copied = await Promise.all(
      ['npx jest sum', './node_modules/.bin/jest sum', 'npm test -- sum'].map((command) =>
        guarded(one, line(command)),
      ),
    );
    writeFileSync(join(one.path, 'release'), '');
    expect(copied.map(({ status }) => status)).toEqual([126, 126, 126]);
    expect(one.runs()).toBe(0);
    expect((await holder).status).toBe(0);
  });
});
