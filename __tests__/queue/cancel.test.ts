import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { identify } from '../../src/process-identity.ts';
import { cancelLease, cancelTicket } from '../../src/queue/cancel.ts';
import { readTicket } from '../../src/queue/line.ts';
import { removeEntry } from '../../src/queue/places.ts';
import { readQueueStatus } from '../../src/queue/status.ts';
import { openTerminal } from '../helpers/shell.ts';
import {
  isRunning,
  isStopped,
  leaseOf,
  openQueueLab,
  ownIdentity,
  plant,
  type QueueLab,
  ticketOf,
  until,
} from './queue-lab.ts';

function numbers(lab: QueueLab) {
  const { holders, tickets } = readQueueStatus(lab.queue, 'repo');
  return { holders: holders.map(({ id }) => id), tickets: tickets.map(({ id }) => id) };
}

describe('cancelling what waits', () => {
  test('ends it with 130 at once, moves the others up and leaves the holder alone', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    const cancelled = lab.run('cancelled');
    await cancelled.says(/1st in line/);
    const stopped = lab.run('stopped');
    await stopped.says(/2nd in line/);
    const next = lab.run('next');
    await next.says(/3rd in line/);
    const [first = '', second = ''] = numbers(lab).tickets;

    expect(await lab.cli('cancel', String(Number.parseInt(first, 10)))).toMatchObject({
      status: 0,
      stdout: `cancelled ${first} (pytest paths=1); it waited, and ends with 130\n`,
    });
    expect(await cancelled.ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining(
        'cancelled while it waited (test-governor queue cancel); no tests ran.',
      ),
    });
    stopped.child.kill('SIGSTOP');
    await until(() => isStopped(stopped.pid));
    expect(await lab.cli('cancel', second)).toMatchObject({ status: 0 });
    expect((await stopped.ended).status).toBe(130);

    expect(isRunning(holder.pid)).toBe(true);
    lab.finish('holder', 'next');
    expect((await holder.ended).status).toBe(0);
    expect((await next.ended).status).toBe(0);
    expect([...lab.list('cancelled'), ...lab.list('tickets'), ...lab.list('leases')]).toEqual([]);
  });

  test('and its admission at the same moment: one of them wins, never both', async () => {
    const lab = openQueueLab();
    for (let round = 0; round < 6; round++) {
      const [held, raced] = [`held${round}`, `raced${round}`];
      const holder = lab.run(held);
      await lab.started(held);
      const waiter = lab.run(raced);
      await waiter.says(/1st in line/);
      const { holders, tickets } = numbers(lab);
      const ticket = readTicket(lab.queue, tickets[0] ?? '');
      if (ticket === null) throw new Error('the ticket is not there');
      lab.finish(held, raced);
      await until(() => !numbers(lab).holders.includes(holders[0] ?? ''));
      const isCancelled = cancelTicket(lab.queue, ticket);
      const { status } = await waiter.ended;
      expect(status).toBe(isCancelled ? 130 : 0);
      expect(lab.log().some((line) => line.startsWith(`start ${raced} `))).toBe(!isCancelled);
      await holder.ended;
    }
    expect([...lab.list('cancelled'), ...lab.list('tickets'), ...lab.list('leases')]).toEqual([]);
  });

  test('and all of one’s own, from the terminal in which they were started', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const open = () =>
      openTerminal({
        command: 'bash',
        args: ['--norc', '-i'],
        cwd: lab.path,
        env: lab.environment({ PS1: '$ ' }),
      });
    const [here, there] = [open(), open()];
    for (const terminal of [here, there])
      terminal.send('(test-governor run pytest -- waiting; echo sta""tus $?) &\n');
    for (const terminal of [here, there]) await terminal.waitFor(/in line/);
    here.send('test-governor queue cancel --mine\n');
    await here.waitFor(/status 130/);
    expect(numbers(lab).tickets).toHaveLength(1);
    here.send('test-governor queue cancel --mine\n');
    await here.waitFor(/nothing of yours waits/);
    there.send('test-governor queue cancel --mine\n');
    await there.waitFor(/status 130/);
    await Promise.all([here.close(), there.close()]);
  });

  test('and all of one’s own, from a program without a terminal', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const agent = lab.script(`
      setsid test-governor run pytest -- waiting 2>err & while [ ! -s err ]; do sleep 0.02; done
      setsid -w test-governor queue cancel --mine; wait $!; echo "status $?"`);
    expect((await agent.ended).stdout).toMatch(/^cancelled .*\nstatus 130\n$/);
    expect(numbers(lab).holders).toHaveLength(1);
  });
});

describe('cancelling what runs', () => {
  test('is refused without --force; with it the run ends cleanly', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    const tests = await lab.started('holder');
    const [id = ''] = numbers(lab).holders;
    expect(await lab.cli('cancel', id)).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(
        /runs already \(pid \d+\); to end it all the same: test-governor queue cancel --force/,
      ),
    });
    expect(isRunning(tests)).toBe(true);
    expect(await lab.cli('cancel', '--force', id)).toMatchObject({
      status: 0,
      stdout: `ended ${id} (pytest paths=1) (pid ${holder.pid}, SIGTERM); its place is given back\n`,
    });
    expect((await holder.ended).status).toBe(143);
    expect(isRunning(tests)).toBe(false);
    expect(lab.list('leases')).toEqual([]);
  });

  test('works for a stopped run and for a script', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    holder.child.kill('SIGSTOP');
    await until(() => isStopped(holder.pid));
    expect(await lab.cli('cancel', '--force', numbers(lab).holders[0] ?? '')).toMatchObject({ status: 0 });
    expect((await holder.ended).status).toBe(143);

    const script = lab.script('test-governor queue acquire --pid $$ || exit; while :; do sleep 0.05; done');
    await script.says(/"id"/);
    expect(await lab.cli('cancel', '--force', numbers(lab).holders[0] ?? '')).toMatchObject({ status: 0 });
    expect((await script.ended).signal).toBe('SIGTERM');
    expect(lab.list('leases')).toEqual([]);
  });

  test('says what became of it when the holder ignores it, is gone, or cannot be reached', async () => {
    const lab = openQueueLab();
    const stubborn = spawn('sh', ['-c', "trap '' TERM; echo up; while :; do sleep 0.05; done"], {
      detached: true,
    });
    await once(stubborn.stdout, 'data');
    const holder = identify(stubborn.pid ?? 0);
    if (holder === null) throw new Error('the holder cannot be seen');
    const lease = leaseOf(1, holder);
    plant(lab.queue, 'leases', lease);
    const reclaimed: string[] = [];
    const ending = {
      limitMs: 150,
      reclaim: async ({ id }: { readonly id: string }) => {
        reclaimed.push(id);
        removeEntry(lab.queue, 'leases', id);
      },
    };
    expect(await cancelLease(lab.queue, lease, ending)).toBe('still-held');
    const elsewhere = leaseOf(2, { ...holder, namespace: 'pid:[1]' });
    expect(await cancelLease(lab.queue, elsewhere, ending)).toBe('out-of-reach');
    expect(reclaimed).toEqual([]);
    process.kill(-holder.pid, 'SIGKILL');
    await once(stubborn, 'close');
    expect(await cancelLease(lab.queue, lease, ending)).toBe('reclaimed');
    expect(reclaimed).toEqual([lease.id]);
  });
});

describe('cancel', () => {
  const lab = openQueueLab();
  beforeAll(() => {
    const self = ownIdentity();
    plant(lab.queue, 'tickets', ticketOf(3, self));
    plant(lab.queue, 'tickets', ticketOf(3, self, { id: '3-00000000000000ff' }));
  });

  test.each<[readonly string[], number, RegExp]>([
    [['99'], 1, /there is no "99" in the queue \(any more\); "test-governor queue status"/],
    [['../../etc/passwd'], 1, /there is no "\.\.\/\.\.\/etc\/passwd"/],
    [['3'], 64, /"3" names more than one; give the whole id: 3-0000000000000003, 3-00000000000000ff/],
    [[], 64, /say what to cancel: test-governor queue cancel <id>/],
    [['3', '--mine'], 64, /say what to cancel/],
    [['--mine', '--force'], 64, /say what to cancel/],
    [['3', '4'], 64, /Unknown argument: 4/],
  ])('%j ends with %d and says what to do', async (args, status, words) => {
    expect(await lab.cli('cancel', ...args)).toMatchObject({ status, stderr: expect.stringMatching(words) });
    expect(lab.list('tickets')).toHaveLength(2);
  });
});
