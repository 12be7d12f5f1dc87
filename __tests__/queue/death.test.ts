import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ProcessIdentity } from '../../src/process-identity.ts';
import { linuxTable } from '../../src/process-table.ts';
import { seeLeases } from '../../src/queue/line.ts';
import { createPatience } from '../../src/queue/standing.ts';
import {
  isRunning,
  leaseOf,
  openQueueLab,
  ownIdentity,
  plainRunner,
  plant,
  ticketOf,
  until,
} from './queue-lab.ts';

describe('kill -9', () => {
  test('of a run and its tests lets the next one start', async () => {
    const lab = openQueueLab();
    const first = lab.run('first');
    await lab.started('first');
    const second = lab.run('second');
    await second.says(/waiting, 1st in line/);
    process.kill(-first.pid, 'SIGKILL');
    await lab.started('second');
    lab.finish('second');
    expect((await second.ended).status).toBe(0);
    expect(lab.list('leases')).toEqual([]);
  });

  test('of the supervisor alone ends its tests after the grace period, says so, and only then starts the next', async () => {
    const lab = openQueueLab();
    lab.runner(plainRunner.replace('\n', '\ntrap \'echo asked >>"$LAB/log"\' TERM\n'));
    const first = lab.run('first');
    const tests = await lab.started('first');
    const second = lab.run('second');
    await second.says(/waiting, 1st in line/);
    process.kill(first.pid, 'SIGKILL');
    await second.says(/had lost its supervisor; what was left of it was ended, by force: pytest \(\d+\)/);
    expect(isRunning(tests)).toBe(false);
    await lab.started('second');
    lab.finish('second');
    expect((await second.ended).status).toBe(0);
    expect(lab.log().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'start first',
      'asked',
      'start second',
      'end second',
    ]);
  });

  test('of the supervisor alone, and a cancellation of the run that ends its tests: nothing of both is waited for', async () => {
    const lab = openQueueLab();
    lab.runner(plainRunner.replace('\n', '\ntrap \'echo asked >>"$LAB/log"\' TERM\n'));
    const first = lab.run('first');
    const tests = await lab.started('first');
    const second = lab.run('second', { environment: { BASESHOP_KILL_GRACE: '600' } });
    await second.says(/waiting, 1st in line/);
    process.kill(first.pid, 'SIGKILL');
    await until(() => lab.log().includes('asked'));
    expect(await lab.cli('cancel', '2')).toMatchObject({ status: 0 });
    expect((await second.ended).status).toBe(130);
    expect(isRunning(tests)).toBe(false);
    expect(lab.list('leases')).toEqual([]);
  });

  test('of waiters, the first and one in the middle, moves the others up', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    const waiters = [];
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      const waiter = lab.run(name);
      await waiter.says(new RegExp(`waiting, ${index + 1}(st|nd|rd|th) in line`));
      waiters.push(waiter);
    }
    const [a, b, c, d] = waiters;
    a?.child.kill('SIGKILL');
    c?.child.kill('SIGKILL');
    lab.finish('holder', 'b', 'd');
    expect((await b?.ended)?.status).toBe(0);
    expect((await d?.ended)?.status).toBe(0);
    expect((await holder.ended).status).toBe(0);
    expect(
      lab
        .log()
        .filter((line) => line.startsWith('start'))
        .map((line) => line.split(' ')[1]),
    ).toEqual(['holder', 'b', 'd']);
    expect(lab.list('tickets')).toEqual([]);
  });

  test('of a run whose parent does not reap it leaves a zombie, which holds nothing', async () => {
    const lab = openQueueLab();
    const parent = lab.script('test-governor run pytest -- first & echo "wrapper $!"; exec sleep 600');
    const wrapper = Number((await parent.says(/wrapper (\d+)/))[1]);
    const tests = await lab.started('first');
    process.kill(wrapper, 'SIGKILL');
    process.kill(tests, 'SIGKILL');
    await until(() => /\) Z/.test(readFileSync(`/proc/${wrapper}/stat`, 'latin1')));
    const second = lab.run('second');
    lab.finish('second');
    expect((await second.ended).status).toBe(0);
    parent.child.kill('SIGKILL');
  });
});

describe('a lease counts for nothing when its holder', () => {
  const own = ownIdentity();
  test.each<[string, ProcessIdentity]>([
    ['has a pid that another process has by now', { ...own, startTime: `${own.startTime}1` }],
    [
      'lived before the machine was started again',
      { ...own, bootId: '00000000-0000-0000-0000-000000000000' },
    ],
    ['is gone', { ...own, pid: 4_194_303 }],
  ])('%s', async (_, holder) => {
    const lab = openQueueLab();
    plant(lab.queue, 'leases', leaseOf(1, holder));
    plant(lab.queue, 'tickets', ticketOf(2, holder));
    const run = lab.run('next');
    lab.finish('next');
    expect(await run.ended).toMatchObject({ status: 0 });
    expect([...lab.list('leases'), ...lab.list('tickets')]).toEqual([]);
  });
});

/** How a pid namespace can be entered here; null where it cannot. */
function namespaceCommand(): readonly string[] | null {
  for (const flags of ['-pf', '-Urpf']) {
    try {
      execFileSync('unshare', [flags, '--mount-proc', 'true'], { stdio: 'ignore' });
      return [flags, '--mount-proc', '--kill-child'];
    } catch {
      // Not allowed here.
    }
  }
  return null;
}

describe('a holder in another pid namespace', () => {
  const own = ownIdentity();
  const elsewhere = { ...own, namespace: 'pid:[1]' };

  function observe() {
    const lab = openQueueLab();
    const lease = leaseOf(1, elsewhere);
    plant(lab.queue, 'leases', lease);
    let now = 0;
    const patience = createPatience(() => now);
    const look = () => seeLeases({ directory: lab.queue, table: linuxTable(), patience })[0]?.kind;
    const [name = ''] = lab.list('leases');
    return {
      look,
      pass(seconds: number) {
        now += seconds * 1000;
      },
      beat() {
        const time = new Date(Date.now() + now);
        utimesSync(join(lab.queue, 'leases', name), time, time);
      },
    };
  }

  test('is held to be alive as long as its heartbeat goes on', () => {
    const { look, pass, beat } = observe();
    for (let minute = 0; minute < 10; minute++) {
      expect(look()).toBe('held');
      pass(60);
      beat();
    }
    expect(look()).toBe('held');
  });

  test('is given up two minutes after its last heartbeat, by the observer’s own clock', () => {
    const { look, pass, beat } = observe();
    expect(look()).toBe('held');
    pass(60);
    beat();
    expect(look()).toBe('held');
    pass(119);
    expect(look()).toBe('held');
    pass(2);
    expect(look()).toBe('abandoned');
  });

  test('whose heartbeat is old at first sight, as after the sleep of a laptop, is given its time', () => {
    const { look, pass } = observe();
    pass(3600);
    expect(look()).toBe('held');
    pass(119);
    expect(look()).toBe('held');
  });

  const command = namespaceCommand();
  if (command !== null) {
    test('is waited for, and releases for everybody', async () => {
      const lab = openQueueLab();
      const inside = lab.script(`exec unshare ${command.join(' ')} test-governor run pytest -- inside`);
      await lab.started('inside');
      const outside = lab.run('outside');
      await outside.says(/waiting, 1st in line/);
      expect(existsSync(join(lab.path, 'up.outside'))).toBe(false);
      lab.finish('inside', 'outside');
      expect((await outside.ended).status).toBe(0);
      expect((await inside.ended).status).toBe(0);
      expect(lab.log().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'start inside',
        'end inside',
        'start outside',
        'end outside',
      ]);
    });
  }
});
