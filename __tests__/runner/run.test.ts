import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, roomyMachine, runShell } from '../helpers/shell.ts';
import { awkwardName, jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';

let workspace: Workspace;
let state = '';
beforeAll(() => {
  workspace = makeWorkspace({
    files: {
      'slow/slow.test.js':
        "test('waits', (done) => { require('fs').writeFileSync(process.env.STARTED, ''); setTimeout(done, 60000); }, 70000);",
      ...jestSuite({ scripts: { 'test:governed': `node "${guardedRoot}/bin/test-governor" run` } }),
    },
    link: ['jest'],
    name: awkwardName,
  });
  state = mkdtempSync(join(tmpdir(), 'run-state-'));
});
afterAll(() => {
  workspace.cleanup();
  rmSync(state, { recursive: true, force: true });
});

function environment(more: Readonly<Record<string, string>> = {}) {
  return baseEnvironment({
    ...roomyMachine,
    BASESHOP_STATE_DIR: state,
    BASESHOP_POLICY_MODE: 'enforce',
    ...more,
  });
}

function guarded(script: string) {
  const env = environment();
  return runShell({
    shell: join(guardedRoot, 'bin/with-guard'),
    args: ['sh'],
    script,
    cwd: workspace.path,
    env,
  });
}

function leases(): readonly string[] {
  const directory = join(state, 'queue/leases');
  return existsSync(directory) ? readdirSync(directory) : [];
}

describe('a governed run', () => {
  test('lets jest and everything below it pass every layer of an enforcing guard', async () => {
    const { status, stderr } = await guarded(
      'npm run --silent test:governed -- jest -- --testPathIgnorePatterns slow',
    );
    expect(stderr).not.toContain('no tests ran');
    expect(status).toBe(0);
    expect(workspace.runs()).toBe(1);
    expect(leases()).toEqual([]);
  });

  test('ends with the runner’s own status', async () => {
    const { status } = await guarded('npm run --silent test:governed -- jest -- no-such-test-anywhere');
    expect(status).toBe(1);
  });

  test('runs at once within another, as a part of it: with its own shape, and no place of its own in the queue', async () => {
    const inner = `"${guardedRoot}/bin/test-governor" run jest -- sum`;
    const file = join(workspace.path, 'nested.test.js');
    writeFileSync(
      file,
      `test('nested', () => { expect(require('child_process').spawnSync(${JSON.stringify(inner)}, { shell: true, stdio: 'inherit' }).status).toBe(0); });`,
    );
    const before = workspace.runs();
    const { status, stderr } = await guarded('npm run --silent test:governed -- jest -- nested');
    rmSync(file);
    expect(stderr).not.toMatch(/test-governor: (waiting|no tests ran)/);
    expect(workspace.runs()).toBe(before + 1);
    expect(status).toBe(0);
  });

  test('passes a signal on, ends with 128+n and gives its lease back', async () => {
    const started = join(state, 'started');
    const child = spawn(join(guardedRoot, 'bin/test-governor'), ['run', 'jest', '--', '-i', 'slow'], {
      cwd: workspace.path,
      env: environment({ STARTED: started }),
      stdio: 'ignore',
    });
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(leases()).toHaveLength(1);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(143);
    expect(leases()).toEqual([]);
  });

  test('whose marker is forged is still blocked', async () => {
    const { status, stderr } = await guarded(
      'BASESHOP_GOVERNED_CONTEXT=1 BASESHOP_GOVERNED_LEASE=abc npx jest',
    );
    expect(status).toBe(126);
    expect(stderr).toContain('no tests ran');
  });

  test('that runs no tests needs no queue, and leaves no trace', async () => {
    const nowhere = join(state, 'not-made');
    const run = async (args: readonly string[], stateDirectory: string) =>
      runShell({
        shell: join(guardedRoot, 'bin/test-governor'),
        args: ['run', 'jest', '--', ...args],
        cwd: workspace.path,
        env: environment({ BASESHOP_STATE_DIR: stateDirectory }),
      });
    const version = await run(['--version'], '/proc/nowhere');
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const before = workspace.runs();
    const list = await run(['--listTests', '--maxWorkers=2'], nowhere);
    expect(list).toMatchObject({ status: 0, stderr: '' });
    expect(list.stdout).toContain('sum.test.js');
    expect(workspace.runs()).toBe(before);
    expect(existsSync(nowhere)).toBe(false);
  });

  test('that asks a guarded shell’s runner for its version is let through', async () => {
    const { status, stderr } = await guarded('npm run --silent test:governed -- jest -- --version');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('says what is wrong with a state directory that it may not use', async () => {
    const env = environment({ BASESHOP_STATE_DIR: '/proc/nowhere' });
    const { status, stderr } = await runShell({
      shell: join(guardedRoot, 'bin/test-governor'),
      args: ['run', 'jest'],
      cwd: workspace.path,
      env,
    });
    expect(status).toBe(75);
    expect(stderr).toMatch(/The queue cannot be used: \/proc\/nowhere/);
  });
});
