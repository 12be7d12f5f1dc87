import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  baseEnvironment,
  guardedRoot,
  openTerminal,
  quote,
  readEvents,
  roomyMachine,
  runShell,
} from '../helpers/shell.ts';
import { jestSuite, pytestSuite, turboSuite, vitestSuite, type Workspace } from '../helpers/workspace.ts';
import { enforce, guarded, wayFiles, ways, workspace } from './ways.ts';

// Package managers start node several times each; a busy machine takes its time over that.
jest.setTimeout(120_000);

const bypass = { ...enforce, BASESHOP_ALLOW_BYPASS_POLICY: '1' };
const overload = { ...enforce, BASESHOP_ALLOW_OVERLOAD: '1' };
/** Tests of the queue must have one, also where these tests run in CI. */
const withQueue = { ...roomyMachine, CI: '', BASESHOP_CI_QUEUE: '1' };

/** A suite that notes how its jest was started. */
const notesArguments = {
  ...jestSuite(),
  'sum.test.js': `test('adds', () => {
  require('node:fs').appendFileSync(\`\${__dirname}/arguments.log\`, \`\${JSON.stringify(process.argv.slice(2))}\\n\`);
});
`,
};

/** A suite that runs until somebody writes the file `release`, or removes the workspace. */
const waits = `test('waits', async () => {
  const fs = require('node:fs');
  fs.writeFileSync(\`\${__dirname}/started\`, '');
  const is = (name) => fs.existsSync(\`\${__dirname}/\${name}\`);
  while (is('started') && !is('release')) await new Promise((resolve) => setTimeout(resolve, 20));
}, 100_000);
`;

function argumentsOf({ path }: Workspace): readonly unknown[] {
  const file = join(path, 'arguments.log');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
}

function leasesAt({ path }: Workspace): readonly Readonly<Record<string, unknown>>[] {
  const directory = join(path, '.cache/test-governor/queue/leases');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    // Its supervisor ends the tests too.
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

/** Starts a program below with-guard and lets it run. */
function start({ path }: Workspace, words: readonly string[], more: Readonly<Record<string, string>>) {
  const child = spawn(join(guardedRoot, 'bin/with-guard'), words, {
    cwd: path,
    env: baseEnvironment({ ...withQueue, ...more }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return { child, ended: once(child, 'close').then(([code]) => code), output: () => output };
}

describe('a raw test run with an override', () => {
  test.each(ways)(
    'started by %s is a governed run with its own command line and capped workers',
    async (_what, script) => {
      const one = workspace({ files: { ...wayFiles, ...notesArguments } });
      const { status, messages, events } = await guarded(one, script, { ...bypass, ...withQueue });
      expect(status).toBe(0);
      expect(argumentsOf(one)).toEqual([['--maxWorkers=2']]);
      expect(messages).toBe(1);
      expect(events).toMatchObject([
        { event: 'intercepted', outcome: 'overridden', override_policy_used: true },
        {
          event: 'run',
          outcome: 'ended',
          exit_code: 0,
          workers: 2,
          override_policy_used: true,
          queue_scope: 'repo',
        },
      ]);
      expect(leasesAt(one)).toEqual([]);
    },
  );

  test.each([
    ['npx jest -w 1', ['-w', '1'], 1],
    ['npm test -- --maxWorkers=3 --ci', ['--maxWorkers=3', '--ci'], 3],
    ['./node_modules/.bin/jest -i -- sum', ['-i', '--', 'sum'], 1],
    ['npx jest -- sum', ['--maxWorkers=2', '--', 'sum'], 2],
  ])('keeps the workers that it names: %s', async (script, args, workers) => {
    const one = workspace({ files: notesArguments });
    const { status, events } = await guarded(one, script, { ...bypass, ...withQueue });
    expect({ status, args: argumentsOf(one) }).toEqual({ status: 0, args: [args] });
    expect(events).toMatchObject([{}, { event: 'run', workers }]);
  });

  test('ends with the status of its own', async () => {
    const one = workspace({ files: jestSuite({ failing: true }) });
    const { status, events } = await guarded(one, 'npx jest; exit $?', { ...bypass, ...withQueue });
    expect(status).toBe(1);
    expect(events).toMatchObject([{}, { event: 'run', exit_code: 1 }]);
  });

  test.each(['npx vitest run', './node_modules/.bin/vitest run', 'npm test'])(
    'is shaped for vitest: %s',
    async (script) => {
      const one = workspace({ files: vitestSuite(), link: ['vitest'] });
      const { status, events } = await guarded(one, script, { ...bypass, ...withQueue });
      expect({ status, runs: one.runs() }).toEqual({ status: 0, runs: 1 });
      expect(events).toMatchObject([{}, { event: 'run', runner: 'vitest', workers: 2 }]);
    },
  );

  test('over turbo’s whole workspace says what that holds up; its tasks run under the one lease', async () => {
    const one = workspace({ files: turboSuite(['one', 'two']) });
    const { status, stderr, events } = await guarded(one, 'npx turbo run test', { ...bypass, ...withQueue });
    expect(status).toBe(0);
    expect(stderr).toContain('everybody behind it waits until all of it is done');
    expect([one.runs('packages/one'), one.runs('packages/two')]).toEqual([1, 1]);
    expect(events).toMatchObject([{ outcome: 'overridden' }, { event: 'run', runner: 'turbo', workers: 2 }]);
  });

  test('through a package script of the same words is shaped below it', async () => {
    const scripts = { test: 'turbo run test' };
    const launcher = 'console.log(JSON.stringify(process.argv.slice(2)));\n';
    const files = { ...jestSuite({ scripts }), 'node_modules/turbo/bin/turbo': launcher };
    const one = workspace({ files, link: [] });
    mkdirSync(join(one.path, 'node_modules/.bin'), { recursive: true });
    writeFileSync(
      join(one.path, 'node_modules/.bin/turbo'),
      '#!/bin/sh\nexec node node_modules/turbo/bin/turbo "$@"\n',
      {
        mode: 0o755,
      },
    );
    const { status, stdout } = await guarded(one, 'npm --silent run test', { ...bypass, ...withQueue });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '["run","test","--concurrency=2"]\n' });
  });

  test('of pytest runs from its shim', async () => {
    const one = workspace({ files: pytestSuite(), link: [] });
    const { status, events } = await guarded(one, 'pytest -q', { ...bypass, ...withQueue });
    expect({ status, runs: one.runs() }).toEqual({ status: 0, runs: 1 });
    expect(events).toMatchObject([
      { outcome: 'overridden' },
      { event: 'run', runner: 'pytest', workers: null },
    ]);
  });

  test('in CI runs at once, and shaped', async () => {
    const one = workspace({ files: notesArguments });
    const { status, stderr, events } = await guarded(one, 'npx jest', { ...bypass, CI: 'true' });
    expect({ status, args: argumentsOf(one) }).toEqual({ status: 0, args: [['--maxWorkers=2']] });
    expect(stderr).toContain('it runs at once, as every run in CI');
    expect(events).toMatchObject([{}, { event: 'run', admitted: null, queue_scope: null }]);
  });

  test('that lowers the mode which its shell was given is queued as well', async () => {
    const one = workspace({ files: notesArguments });
    const script = 'BASESHOP_POLICY_MODE=off npx jest';
    const { status, messages, events } = await guarded(one, script, { ...enforce, ...withQueue });
    expect({ status, messages, args: argumentsOf(one) }).toEqual({
      status: 0,
      messages: 1,
      args: [['--maxWorkers=2']],
    });
    expect(events).toMatchObject([
      { override_policy_used: true },
      { event: 'run', override_policy_used: true },
    ]);
  });
});

describe('while another run holds the queue', () => {
  /** Room for one run at a time, on a machine of any size. */
  const oneSlot = { BASESHOP_CPU_SLOT_PCT: '0.001' };

  async function held() {
    const one = workspace({ files: { ...notesArguments, 'slow/slow.test.js': waits } });
    const holder = start(one, [join(guardedRoot, 'bin/test-governor'), 'run', 'jest', '--', 'slow'], {
      ...enforce,
      ...oneSlot,
    });
    await until(() => existsSync(join(one.path, 'slow/started')));
    return { one, holder, release: () => writeFileSync(join(one.path, 'slow/release'), '') };
  }

  test('a policy override waits, and starts when that ends', async () => {
    const { one, holder, release } = await held();
    const own = start(one, ['sh', '-c', 'npx jest sum'], { ...bypass, ...oneSlot });
    await until(() => own.output().includes('waiting'));
    expect(argumentsOf(one)).toEqual([]);
    release();
    expect(await Promise.all([holder.ended, own.ended])).toEqual([0, 0]);
    expect(argumentsOf(one)).toEqual([['sum', '--maxWorkers=2']]);
  });

  test('an overload override does not wait, is not shaped, and is seen as what it is', async () => {
    const { one, holder, release } = await held();
    const own = start(one, ['sh', '-c', 'npx jest sum'], { ...overload, ...oneSlot });
    expect(await own.ended).toBe(0);
    expect(own.output()).toContain(
      'override BASESHOP_ALLOW_OVERLOAD recorded, and it skips the queue: npx jest sum',
    );
    expect(argumentsOf(one)).toEqual([['sum']]);
    release();
    expect(await holder.ended).toBe(0);
    const events = readEvents(join(one.path, '.cache/test-governor'));
    expect(events).toMatchObject([
      { outcome: 'overridden', override_overload_used: true },
      { event: 'run', override_overload_used: true, queue_scope: null, workers: null },
      { event: 'run', override_overload_used: false },
    ]);
  });
});

describe('a governed run of somebody’s own command line', () => {
  const slow = { ...jestSuite(), 'sum.test.js': waits };

  test('shows in its lease whether it skipped the queue', async () => {
    const one = workspace({ files: slow });
    const own = start(one, ['sh', '-c', 'npx jest'], overload);
    await until(() => existsSync(join(one.path, 'started')));
    expect(leasesAt(one)).toMatchObject([{ uncounted: 'overload', overridesPolicy: false, class: 'jest' }]);
    writeFileSync(join(one.path, 'release'), '');
    expect(await own.ended).toBe(0);
  });

  test('is the process that the shim was, and ends with what it is sent', async () => {
    const one = workspace({ files: slow });
    const own = start(one, ['npx', 'jest'], bypass);
    await until(() => existsSync(join(one.path, 'started')));
    expect(leasesAt(one)).toMatchObject([{ overridesPolicy: true, holder: { pid: own.child.pid } }]);
    own.child.kill('SIGTERM');
    expect(await own.ended).toBe(143);
    expect(leasesAt(one)).toEqual([]);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends when the node that waits for it is ended by %s',
    async (signal) => {
      const one = workspace({ files: slow });
      const own = start(one, [process.execPath, 'node_modules/jest/bin/jest.js'], bypass);
      await until(() => existsSync(join(one.path, 'started')));
      const [lease] = leasesAt(one);
      expect(lease).not.toMatchObject({ holder: { pid: own.child.pid } });
      own.child.kill(signal);
      await own.ended;
      await until(() => leasesAt(one).length === 0);
      expect(readEvents(join(one.path, '.cache/test-governor'))).toMatchObject([
        {},
        { event: 'run', exit_code: 143 },
      ]);
    },
  );

  test('is interrupted at a terminal by one Ctrl-C, also where a node waits for it', async () => {
    const one = workspace({ files: slow });
    const env = baseEnvironment({ ...withQueue, ...bypass });
    const line = `${quote(process.execPath)} node_modules/jest/bin/jest.js; echo "s=$?"`;
    const terminal = openTerminal({
      command: join(guardedRoot, 'bin/with-guard'),
      args: ['dash', '-c', `trap : INT; ${line}`],
      cwd: one.path,
      env,
    });
    await until(() => existsSync(join(one.path, 'started')));
    terminal.send('\u0003');
    await terminal.waitFor(/s=130/);
    await terminal.ended();
    expect(leasesAt(one)).toEqual([]);
  });

  test('whose stdin, stdout and stderr are the user’s own', async () => {
    const file = "process.stdin.pipe(process.stdout); process.stderr.write('err'); process.exitCode = 7;\n";
    const one = workspace({
      files: { 'package.json': '{}', 'node_modules/jest/bin/jest.js': file },
      link: [],
    });
    const result = await runShell({
      shell: join(guardedRoot, 'bin/with-guard'),
      args: ['sh', '-c', 'node node_modules/jest/bin/jest.js 2>err.txt'],
      stdin: Buffer.from([0, 255, 10, 13]),
      cwd: one.path,
      env: baseEnvironment({ ...withQueue, ...bypass }),
    });
    expect(result).toMatchObject({ status: 7, stdout: Buffer.from([0, 255, 10, 13]).toString('utf8') });
    expect(readFileSync(join(one.path, 'err.txt'), 'utf8')).toMatch(/^test-governor: override .*\nerr$/);
  });

  test('of a turbo that is a node program gets its cap from the preload', async () => {
    const launcher = 'console.log(JSON.stringify(process.argv.slice(2)));\n';
    const one = workspace({
      files: { 'package.json': '{}', 'node_modules/turbo/bin/turbo': launcher },
      link: [],
    });
    const run = (script: string) => guarded(one, script, { ...bypass, ...withQueue });
    expect((await run('node node_modules/turbo/bin/turbo run test')).stdout).toBe(
      '["run","test","--concurrency=2"]\n',
    );
    expect((await run('node node_modules/turbo/bin/turbo run test --concurrency=5')).stdout).toBe(
      '["run","test","--concurrency=5"]\n',
    );
  });

  test('of a turbo that is a native program gets it from the shim, whatever NODE_OPTIONS says', async () => {
    const one = workspace({
      files: { 'package.json': '{}', 'tools/turbo': '#!/bin/sh\necho "$@"\n' },
      link: [],
    });
    const result = await guarded(one, 'PATH="$PATH:$PWD/tools" NODE_OPTIONS= turbo run test', {
      ...bypass,
      ...withQueue,
    });
    expect(result).toMatchObject({ status: 0, stdout: 'run test --concurrency=2\n' });
  });

  test('is shaped where only the shims are on PATH, and nothing loads the preload', async () => {
    const one = workspace({ files: notesArguments });
    const env = baseEnvironment({ ...withQueue, ...bypass });
    const { status } = await runShell({
      shell: 'sh',
      script: 'npx jest',
      cwd: one.path,
      env: { ...env, PATH: `${join(guardedRoot, 'shims')}:${env.PATH}` },
    });
    expect({ status, args: argumentsOf(one) }).toEqual({ status: 0, args: [['--maxWorkers=2']] });
  });
});

describe('what cannot be handed over runs where it is, and that is said', () => {
  test('a node with a channel to its parent', async () => {
    const one = workspace({ files: notesArguments });
    writeFileSync(
      join(one.path, 'fork.js'),
      "require('node:child_process').fork('node_modules/jest/bin/jest.js').on('exit', (code) => process.exit(code));\n",
    );
    const { status, stderr, outcomes } = await guarded(one, 'node fork.js', { ...bypass, ...withQueue });
    expect({ status, outcomes }).toEqual({ status: 0, outcomes: ['overridden'] });
    expect(stderr).toContain('it runs at once: from here it cannot be queued');
    expect(argumentsOf(one)).toEqual([[]]);
  });
});

describe('dist/run-own.cjs by hand', () => {
  const program = join(guardedRoot, 'dist/run-own.cjs');

  test.each([
    ['a command that starts no tests', ['shim', '1', '/bin/echo', 'echo', 'hi'], bypass],
    ['a program that is not the command', ['shim', '1', '/bin/echo', 'npx', 'jest'], bypass],
    ['a raw run without an override', ['shim', '1', '/usr/bin/npx', 'npx', 'jest'], enforce],
    ['a governed run', ['shim', '1', '/usr/bin/test-governor', 'test-governor', 'run', 'jest'], bypass],
    ['nothing', [], bypass],
    ['no layer', ['text', '1', '/usr/bin/npx', 'npx', 'jest'], bypass],
  ])('starts nothing for %s: 64', async (_what, words, environment) => {
    const one = workspace();
    const result = await runShell({
      shell: process.execPath,
      args: [program, ...(words.length === 0 ? [] : ['BASESHOP', ...words])],
      cwd: one.path,
      env: baseEnvironment({ ...withQueue, ...environment }),
    });
    expect(result).toMatchObject({
      status: 64,
      stdout: '',
      stderr: expect.stringContaining('test-governor: '),
    });
    expect({ runs: one.runs(), events: readEvents(join(one.path, '.cache/test-governor')) }).toEqual({
      runs: 0,
      events: [],
    });
  });

  test('is no intent', async () => {
    const one = workspace();
    const result = await runShell({
      shell: join(guardedRoot, 'bin/test-governor'),
      args: ['run', 'run-own', 'shim', '1', '/usr/bin/npx', 'npx', 'jest'],
      cwd: one.path,
      env: baseEnvironment(bypass),
    });
    expect(result.status).toBe(64);
  });
});

describe('the node shim', () => {
  test('becomes node at once for a governed run, by whatever link', async () => {
    const one = workspace();
    mkdirSync(join(one.path, 'tools'));
    symlinkSync(join(guardedRoot, 'bin/test-governor'), join(one.path, 'tools/test-governor'));
    // Asking would adopt or store a decision.
    const env = baseEnvironment({ ...enforce, CI: '1' });
    const result = await runShell({
      shell: join(guardedRoot, 'bin/with-guard'),
      args: ['sh', '-c', './tools/test-governor run jest'],
      cwd: one.path,
      env,
    });
    expect({ status: result.status, runs: one.runs() }).toEqual({ status: 0, runs: 1 });
    expect(existsSync(join(env.HOME ?? '', '.cache/test-governor/decisions'))).toBe(false);
  });
});
