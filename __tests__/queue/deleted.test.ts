import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ProcessIdentity } from '../../src/process-identity.ts';
import { endLease } from '../../src/queue/hold.ts';
import { createInterrupt } from '../../src/queue/interrupt.ts';
import { makePlaces, type Place, settle } from '../../src/queue/places.ts';
import { createSleeper } from '../../src/queue/sleeper.ts';
import type { FoundRun } from '../../src/queue/strays.ts';
import { type WaitHooks, type WaitView, waitForTurn } from '../../src/queue/wait.ts';
import { guardedRoot } from '../helpers/shell.ts';
import { openRunLab } from '../runner/run-lab.ts';
import {
  isRunning,
  leaseOf,
  openQueueLab,
  ownIdentity,
  plant,
  type QueueLab,
  ticketOf,
  until,
} from './queue-lab.ts';

/** What was started and ended, without the ids. */
function story(lab: QueueLab): readonly string[] {
  return lab.log().map((line) => line.split(' ').slice(0, 2).join(' '));
}

describe('with a live holder and a waiter', () => {
  test.each<[string, string]>([
    ['the queue', 'rm -rf "$LAB/state/queue"'],
    ['all that is in the queue', 'rm -rf "$LAB"/state/queue/*'],
    ['the leases', 'rm -rf "$LAB/state/queue/leases"'],
    ['the whole state directory', 'rm -rf "$LAB/state"'],
  ])('nobody starts beside the holder when %s is removed, and its lease comes back', async (_, command) => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    const [lease] = lab.list('leases');
    const waiter = lab.run('waiter');
    await waiter.says(/waiting, 1st in line/);
    await lab.script(command).ended;
    lab.finish('waiter', 'newcomer');
    const newcomer = lab.run('newcomer');
    await until(() => lab.list('leases').includes(lease ?? '') && lab.list('tickets').length === 2);
    lab.finish('holder');
    const ends = await Promise.all([holder, waiter, newcomer].map(({ ended }) => ended));
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(story(lab).slice(0, 2)).toEqual(['start holder', 'end holder']);
    expect(
      story(lab)
        .filter((_line, index) => index % 2 === 0)
        .every((line) => line.startsWith('start')),
    ).toBe(true);
    expect(story(lab)).toHaveLength(6);
  });
});

test('tests whose supervisor was killed and whose lease went with the queue are ended before the next start', async () => {
  const lab = openQueueLab();
  const holder = lab.run('holder');
  const tests = await lab.started('holder');
  holder.child.kill('SIGKILL');
  await until(() => !isRunning(holder.pid));
  rmSync(lab.queue, { recursive: true });
  const next = lab.run('next');
  await lab.started('next');
  expect(isRunning(tests)).toBe(false);
  lab.finish('next');
  expect(await next.ended).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/had lost its supervisor; what was left of it was ended/),
  });
});

describe('tests that delete the queue of their own run', () => {
  const lab = openRunLab();

  test.each([
    ['a run', 'test-governor run pytest -- inner'],
    ['a place for a script', 'test-governor queue acquire --pid $$ >"$LAB/ticket"; echo inner >>"$LAB/log"'],
  ])('and then start %s do not wait for themselves', async (_, line) => {
    rmSync(lab.file('log'), { force: true });
    // Once the lease says who runs, it is written anew only when it is missed.
    lab.runner(`echo "$1" >>"$LAB/log"
[ "$1" = inner ] || {
  until grep -q '"leader":{' "$LAB"/state/queue/leases/*; do sleep 0.01; done
  rm -r "$LAB/state/queue"
  PATH=${join(guardedRoot, 'bin')}:$PATH
  ${line}
}`);
    // Far less than a test may take, and far more than a lease needs to come back.
    const { status, stderr } = await lab.start({
      args: ['outer'],
      environment: { BASESHOP_QUEUE_TIMEOUT: '20' },
    }).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(lab.file('log'), 'utf8')).toBe('outer\ninner\n');
  });
});

/** Waits for a turn that takes no others beside it. */
async function waitAlone(
  queue: string,
  hooks: Omit<WaitHooks, 'admit' | 'onRedraw'>,
  timeoutMs: number,
  newsMs: number,
) {
  const { id: _, after: __, drawnAt: ___, ...request } = ticketOf(1, ownIdentity());
  const interrupt = createInterrupt();
  const sleeper = createSleeper(interrupt);
  const turn = await waitForTurn(
    request,
    {
      ...hooks,
      admit: (held) => (held.length === 0 ? { kind: 'admit' } : { kind: 'wait', reason: 'one at a time' }),
      onRedraw: () => undefined,
    },
    { directory: queue, newsMs: () => newsMs, timeoutMs, interrupt, sleeper },
  );
  sleeper.close();
  return turn.kind;
}

describe('in a queue that is new', () => {
  const self = ownIdentity();
  const { id: lost } = leaseOf(9, self);

  async function wait(runs: readonly FoundRun[] | null, timeoutMs: number) {
    const lab = openQueueLab();
    await lab.script('mkdir -m 700 "$LAB/state"').ended;
    makePlaces(lab.queue);
    const reclaimed: string[] = [];
    const views: WaitView[] = [];
    let found = runs;
    const turn = await waitAlone(
      lab.queue,
      {
        reclaim: async (lease) => {
          reclaimed.push(lease.id);
          found = [];
        },
        findRuns: () => found,
        onWaiting: (view) => views.push(view),
      },
      timeoutMs,
      30_000,
    );
    return { turn, reclaimed, reason: views[0]?.reason };
  }

  test('a run whose holder lives is waited for, however long its lease stays away', async () => {
    expect(await wait([{ id: lost, holder: self }], 100)).toMatchObject({ turn: 'timed-out', reclaimed: [] });
  });

  test('a run whose holder is gone is reclaimed at once', async () => {
    const holder: ProcessIdentity = { ...self, startTime: '1' };
    expect(await wait([{ id: lost, holder }], 10_000)).toMatchObject({ turn: 'admitted', reclaimed: [lost] });
  });

  test('nobody starts for some seconds where runs cannot be looked for', async () => {
    expect(await wait(null, 100)).toMatchObject({
      turn: 'timed-out',
      reason: 'the queue is new, and runs of an earlier one get time to show themselves',
    });
    expect(await wait(null, 10_000)).toMatchObject({ turn: 'admitted' });
  });

  test('the first run starts at once when there are none', async () => {
    expect(await wait([], 0)).toMatchObject({ turn: 'admitted', reason: undefined });
  });
});

describe('a waiter that has seen', () => {
  const self = ownIdentity();
  const lease = leaseOf(9, self);

  /** Waits behind a lease, does `then` once that was seen, and gives how the wait ended and how often runs were looked for. */
  async function waitBehind(then: (lab: QueueLab) => void, runs: readonly FoundRun[]) {
    const lab = openQueueLab();
    plant(lab.queue, 'leases', lease);
    settle(lab.queue);
    let searches = 0;
    let hasSeen = false;
    const turn = await waitAlone(
      lab.queue,
      {
        reclaim: async () => undefined,
        findRuns: () => {
          searches++;
          return runs;
        },
        onWaiting: () => {
          if (hasSeen) return;
          hasSeen = true;
          then(lab);
        },
      },
      300,
      10,
    );
    return { turn, hasSearched: searches > 0 };
  }

  const emptied = (lab: QueueLab, place: Place) => {
    for (const name of lab.list(place)) rmSync(join(lab.queue, place, name));
  };

  test('a lease that goes without a release does not start beside its run: somebody is removing the queue', async () => {
    const then = (lab: QueueLab) => emptied(lab, 'leases');
    expect(await waitBehind(then, [{ id: lease.id, holder: self }])).toEqual({
      turn: 'timed-out',
      hasSearched: true,
    });
    expect(await waitBehind(then, [])).toEqual({ turn: 'admitted', hasSearched: true });
  });

  test('its own ticket go does not start beside a run whose lease went with it', async () => {
    const then = (lab: QueueLab) => {
      plant(lab.queue, 'ended', lease);
      for (const place of ['leases', 'tickets'] as const) emptied(lab, place);
    };
    expect(await waitBehind(then, [{ id: lease.id, holder: self }])).toEqual({
      turn: 'timed-out',
      hasSearched: true,
    });
  });

  test('a lease released starts at once, and searches for nothing', async () => {
    expect(await waitBehind((lab) => void endLease(lab.queue, lease), [])).toEqual({
      turn: 'admitted',
      hasSearched: false,
    });
  });
});
