import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { linuxTable } from '../../src/process-table.ts';
import { seeLeases } from '../../src/queue/line.ts';
import { createPatience } from '../../src/queue/standing.ts';
import { isStopped, openQueueLab, until } from './queue-lab.ts';

describe('a process that is stopped', () => {
  test('while it waits is passed over, stays stopped, and comes back at the end of the line', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    const stopped = lab.run('stopped');
    await stopped.says(/waiting, 1st in line/);
    const next = lab.run('next');
    await next.says(/waiting, 2nd in line/);
    stopped.child.kill('SIGSTOP');
    await until(() => isStopped(stopped.pid));
    lab.finish('holder');
    await holder.ended;

    await lab.started('next');
    expect(isStopped(stopped.pid)).toBe(true);
    stopped.child.kill('SIGCONT');
    await stopped.says(
      /lost its place in the queue \(this process was stopped, and those behind it were let pass\); waits at the end/,
    );
    lab.finish('next', 'stopped');
    expect((await next.ended).status).toBe(0);
    expect((await stopped.ended).status).toBe(0);
    expect(
      lab
        .log()
        .filter((line) => line.startsWith('start'))
        .map((line) => line.split(' ')[1]),
    ).toEqual(['holder', 'next', 'stopped']);
  });

  test('while it holds the queue keeps it, however long that lasts, and status says how to let it go on', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    holder.child.kill('SIGSTOP');
    await until(() => isStopped(holder.pid));
    const waiter = lab.run('waiter');
    await waiter.says(/waiting, 1st in line: pytest.* and is stopped \(SIGSTOP; kill -CONT/);
    const { stdout } = await lab.cli('status');
    expect(stdout).toMatch(new RegExp(`stopped +pytest.*pid ${holder.pid}`));
    expect(stdout).toContain(`kill -CONT ${holder.pid}`);

    let now = 0;
    const observer = { directory: lab.queue, table: linuxTable(), patience: createPatience(() => now) };
    for (const days of [0, 1, 365]) {
      now = days * 86_400_000;
      expect(seeLeases(observer)).toMatchObject([{ kind: 'held', stopped: true }]);
    }
    expect(existsSync(join(lab.path, 'up.waiter'))).toBe(false);
    holder.child.kill('SIGCONT');
    lab.finish('holder', 'waiter');
    expect((await holder.ended).status).toBe(0);
    expect((await waiter.ended).status).toBe(0);
  });

  test('together with its tests (Ctrl-Z) goes on with them when it is continued by its pid alone, as status says', async () => {
    const lab = openQueueLab();
    // It starts nothing: a shell that is stopped while it starts a program waits for that one in the kernel instead (vfork(2)).
    lab.runner(`#!/bin/sh
mkfifo "$LAB/go"
echo $$ >"$LAB/up.new" && mv "$LAB/up.new" "$LAB/up.$1"
read -r status <"$LAB/go"
exit "$status"
`);
    const holder = lab.run('holder');
    const tests = await lab.started('holder');
    process.kill(-holder.pid, 'SIGSTOP');
    await until(() => isStopped(holder.pid) && isStopped(tests));
    process.kill(holder.pid, 'SIGCONT');
    await until(() => !isStopped(tests));
    writeFileSync(join(lab.path, 'go'), '5\n');
    expect((await holder.ended).status).toBe(5);
  });

  test('together with what stands ready for it starts that when it is continued by its pid alone', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const waiter = lab.run('waiter');
    await waiter.says(/waiting, 1st in line/);
    process.kill(-waiter.pid, 'SIGSTOP');
    await until(() => isStopped(waiter.pid));
    process.kill(waiter.pid, 'SIGCONT');
    lab.finish('holder', 'waiter');
    expect((await waiter.ended).status).toBe(0);
  });
});
