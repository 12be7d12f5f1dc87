import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createReadyRunner } from '../../src/runner/ready-runner.ts';
import { isRunning, isStopped, openQueueLab, type Program, testGovernor, until } from './queue-lab.ts';

/** The pid of the shell that stands ready below a governed run; null when there is none. */
function standIn(run: Program): number | null {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const [, pid] =
    rows
      .map((row) => /^ *(\d+) +(\d+) (.*)$/.exec(row))
      .find((row) => row?.[2] === `${run.pid}` && row[3]?.includes('IFS= read -r')) ?? [];
  return pid === undefined ? null : Number(pid);
}

/** Whether a shell has set its trap for SIGQUIT: proc_pid_status(5) shows the caught signals, the lowest bit for signal 1. */
function catchesQuit(pid: number): boolean {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return true;
  const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGQUIT - 1))) !== 0n;
}

/** A lab in which one run goes on and a second one is the first in line, its shell up. */
async function lineOfTwo(environment: Readonly<Record<string, string>> = {}) {
  const lab = openQueueLab();
  const holder = lab.run('first');
  await lab.started('first');
  const waiter = lab.run('second', { environment });
  const shell = await until(() => standIn(waiter));
  return { lab, holder, waiter, shell };
}

describe('a run that is the first in line', () => {
  test('has a process stand ready, which becomes the runner with the lease in its environment', async () => {
    const { lab, holder, waiter, shell } = await lineOfTwo();
    lab.finish('first');
    expect(await lab.started('second')).toBe(shell);
    const [lease = ''] = lab.list('leases');
    const started = lab.log().find((line) => line.startsWith('start second '));
    expect(`${started?.split(' ')[2]}`).toMatch(/^\d+-[0-9a-f]{16}$/);
    expect(lease).toContain(started?.split('-')[1] ?? 'no lease');
    lab.finish('second');
    expect((await waiter.ended).status).toBe(0);
    expect((await holder.ended).status).toBe(0);
  });

  test('takes its process along when it is killed with -9', async () => {
    const { lab, holder, waiter, shell } = await lineOfTwo();
    process.kill(waiter.pid, 'SIGKILL');
    await waiter.ended;
    await until(() => !isRunning(shell));
    expect(lab.log()).toHaveLength(1);
    lab.finish('first');
    await holder.ended;
  });

  test('ends its process when it is cancelled, even a stopped one, and when it is interrupted', async () => {
    const { lab, holder, waiter, shell } = await lineOfTwo();
    process.kill(shell, 'SIGSTOP');
    await until(() => isStopped(shell));
    const third = lab.run('third');
    await third.says(/waiting/);
    const [id] = lab.list('tickets').map((name) => name.replace(/^0*(\d+-\w+)\.json$/, '$1'));
    await lab.cli('cancel', id ?? '');
    expect((await waiter.ended).status).toBe(130);
    await until(() => !isRunning(shell));
    const next = await until(() => standIn(third));
    third.child.kill('SIGTERM');
    expect((await third.ended).status).toBe(143);
    await until(() => !isRunning(next));
    lab.finish('first');
    await holder.ended;
  });

  test('starts its runner all the same when that process is gone, or the runner’s variables have names that sh drops', async () => {
    const { lab, holder, waiter, shell } = await lineOfTwo();
    process.kill(shell, 'SIGKILL');
    await until(() => !isRunning(shell));
    lab.runner('#!/usr/bin/env bash\nenv >"$LAB/env.$1"\n');
    const third = lab.run('third', { environment: { 'odd-name': 'kept' } });
    await third.says(/waiting/);
    lab.finish('first', 'second');
    expect((await holder.ended).status).toBe(0);
    expect((await waiter.ended).status).toBe(0);
    expect((await third.ended).status).toBe(0);
    expect(readFileSync(join(lab.path, 'env.third'), 'utf8')).toContain('odd-name=kept');
  });

  test('leaves no core file of the process that stood ready when Ctrl-\\ ends both', async () => {
    const lab = openQueueLab();
    const holder = lab.run('first');
    await lab.started('first');
    const text = 'ulimit -c unlimited 2>/dev/null; exec "$0" run pytest -- second';
    const waiter = lab.start('sh', ['-c', text, testGovernor]);
    const shell = await until(() => standIn(waiter));
    await until(() => catchesQuit(shell));
    process.kill(shell, 'SIGQUIT');
    process.kill(waiter.pid, 'SIGQUIT');
    expect((await waiter.ended).status).toBe(131);
    expect(readdirSync(lab.path).filter((name) => name.startsWith('core'))).toEqual([]);
    lab.finish('first');
    await holder.ended;
  });

  test('says as ever that its runner cannot be started', async () => {
    const { lab, holder, waiter } = await lineOfTwo();
    rmSync(join(lab.path, '.venv/bin/pytest'));
    lab.finish('first');
    const { status, stderr } = await waiter.ended;
    expect(stderr).toMatch(/no tests ran\. .*pytest cannot be started/);
    expect(status).toBe(127);
    await holder.ended;
  });

  test('says that its directory was deleted while it waited', async () => {
    const { lab, holder, waiter } = await lineOfTwo();
    const cwd = join(lab.path, 'web');
    mkdirSync(cwd);
    // With such a name in its environment nothing stands ready for it.
    const third = lab.run('third', { cwd, environment: { 'odd-name': 'kept' } });
    await third.says(/waiting/);
    rmdirSync(cwd);
    lab.finish('first', 'second');
    const { status, stderr } = await third.ended;
    expect(stderr).toMatch(
      /no tests ran\. .*pytest cannot be started: .*\/web, where it was to run, does not exist/,
    );
    expect(status).toBe(127);
    await Promise.all([holder.ended, waiter.ended]);
  });
});

describe('a process that stands ready', () => {
  const awkward = ['it’s', '"a" $HOME', 'two\nlines', '', '--', '-n', '*', '\\'];

  test('becomes a program with exactly the arguments, the environment and the directory that were given', async () => {
    const { path } = openQueueLab();
    const file = join(path, 'told');
    const script = `require('fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.argv.slice(1), process.cwd(), process.env.LEASE, process.env.OTHER, process.env.test_governor_lease ?? null]))`;
    const environment = { PATH: '/usr/bin:/bin', OTHER: ' b\n$c ', LEASE: 'old' };
    const ready = createReadyRunner(
      { file: process.execPath, words: ['-e', script, '--', ...awkward], cwd: path },
      () => environment,
      'LEASE',
    );
    expect(ready.become('before it was asked for')).toBeNull();
    ready.prepare();
    const runner = ready.become('7-0123456789abcdef');
    expect(runner).not.toBeNull();
    expect(await new Promise((resolve) => runner?.onEnd(resolve))).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      awkward,
      path,
      '7-0123456789abcdef',
      ' b\n$c ',
      null,
    ]);
    expect(ready.become('twice')).toBeNull();
  });

  test('is done without where the system does not let it be made', () => {
    const ready = createReadyRunner(
      { file: '/bin/true', words: [], cwd: '/' },
      () => ({ LARGE: 'x'.repeat(3_000_000) }),
      'LEASE',
    );
    ready.prepare();
    expect(ready.isStanding()).toBe(false);
    expect(ready.become('1-0123456789abcdef')).toBeNull();
    ready.discard();
  });

  test('is not asked for where sh would lose a variable', () => {
    const ready = createReadyRunner(
      { file: '/bin/true', words: [], cwd: '/' },
      () => ({ 'a-b': '1' }),
      'LEASE',
    );
    ready.prepare();
    expect(ready.become('1-0123456789abcdef')).toBeNull();
  });
});
