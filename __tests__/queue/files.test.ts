import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openProcessTable } from '../../src/process-table.ts';
import { cleanStale } from '../../src/queue/clean.ts';
import { holdLease, removeLease } from '../../src/queue/hold.ts';
import { lookAtLine, type Observer, readLease, seeLeases } from '../../src/queue/line.ts';
import { createPatience, heartbeatOf } from '../../src/queue/standing.ts';
import { readQueueStatus } from '../../src/queue/status.ts';
import { parseLease, parseTicket } from '../../src/queue/ticket.ts';
import { leaseOf, openQueueLab, ownIdentity, plant, type QueueLab, ticketOf, until } from './queue-lab.ts';

const self = ownIdentity();

function observe(lab: QueueLab) {
  let now = 0;
  const observer: Observer = {
    directory: lab.queue,
    table: openProcessTable(),
    patience: createPatience(() => now),
  };
  return {
    observer,
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

describe('a ticket that is half written', () => {
  test('is set aside by a run that waits behind it, and said by status', async () => {
    const lab = openQueueLab();
    plant(lab.queue, 'tickets', ticketOf(1, self), '{"id":"1-00000000');
    expect((await lab.cli('status')).stdout).toContain('unreadable 1-0000000000000001');
    const run = lab.run('next');
    lab.finish('next');
    expect((await run.ended).status).toBe(0);
    expect(lab.list('unreadable')).toHaveLength(1);
  });

  test('holds nobody up for longer than three seconds', () => {
    const lab = openQueueLab();
    plant(lab.queue, 'tickets', ticketOf(1, self), '');
    plant(lab.queue, 'tickets', ticketOf(2, self));
    const { observer, pass } = observe(lab);
    const { id } = ticketOf(2, self);
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'behind', position: 2 });
    pass(2999);
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'behind' });
    pass(2);
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'first' });
  });

  test.each(['', '{', 'null', '[]', '7', '{"id":"1-0000000000000001"}', '\u0000\u0000'])(
    'is none: %j',
    (text) => {
      expect(parseTicket(text)).toBeNull();
      expect(parseLease(text)).toBeNull();
    },
  );
});

describe('a lease that cannot be read', () => {
  test('is written anew by its holder', async () => {
    const lab = openQueueLab();
    const run = lab.run('holder');
    await lab.started('holder');
    const [name = ''] = lab.list('leases');
    const file = join(lab.queue, 'leases', name);
    writeFileSync(file, '{"id":');
    // As if its last sign of life had been a while ago.
    utimesSync(file, new Date(0), new Date(0));
    await until(() => parseLease(readFileSync(file, 'utf8')));
    lab.finish('holder');
    expect((await run.ended).status).toBe(0);
  });

  test('counts as abandoned when nobody does that for ten seconds', () => {
    const lab = openQueueLab();
    plant(lab.queue, 'leases', leaseOf(1, self), '{"id":');
    const { observer, pass } = observe(lab);
    expect(seeLeases(observer)).toMatchObject([{ kind: 'held', lease: null }]);
    pass(9999);
    expect(seeLeases(observer)).toMatchObject([{ kind: 'held' }]);
    pass(2);
    expect(seeLeases(observer)).toMatchObject([{ kind: 'abandoned' }]);
  });

  test('because a named pipe stands in its place is not waited for, nor is a ticket or the note of the last release', () => {
    const lab = openQueueLab();
    plant(lab.queue, 'leases', leaseOf(1, self));
    plant(lab.queue, 'tickets', ticketOf(2, self));
    plant(lab.queue, 'ended', leaseOf(3, self));
    const names = ['leases', 'tickets', 'ended'].flatMap((place) =>
      readdirSync(join(lab.queue, place)).map((name) => join(place, name)),
    );
    for (const name of names) {
      rmSync(join(lab.queue, name), { force: true });
      execFileSync('mkfifo', [join(lab.queue, name)]);
    }
    const { observer } = observe(lab);
    expect(seeLeases(observer)).toMatchObject([{ kind: 'held', lease: null }]);
    expect(readQueueStatus(lab.queue, 'repo')).toMatchObject({ lastRelease: null });
  });

  test('because its file is another user’s still counts, as long as it shows signs of life', () => {
    const lab = openQueueLab();
    const lease = leaseOf(1, self);
    plant(lab.queue, 'leases', lease);
    const [name = ''] = lab.list('leases');
    const file = join(lab.queue, 'leases', name);
    const { observer, pass } = observe(lab);
    asOtherUser(lab, file, () => {
      expect(readLease(lab.queue, lease.id)).toBeNull();
      for (let beats = 1; beats < 20; beats++) {
        expect(seeLeases(observer)).toMatchObject([{ kind: 'held', lease: null }]);
        pass(6000);
        asOwner(() => utimesSync(file, beats, beats));
      }
      expect(seeLeases(observer)).toMatchObject([{ kind: 'held' }]);
      pass(10_001);
      expect(seeLeases(observer)).toMatchObject([{ kind: 'abandoned' }]);
    });
  });
});

/** Runs `action` as somebody who may use the queue but not read this one file. */
function asOtherUser<T>(lab: QueueLab, file: string, action: () => T): T {
  chmodSync(file, 0);
  if (process.geteuid?.() !== 0) return action();
  chmodSync(lab.path, 0o755);
  const places = ['leases', 'tickets', 'unreadable'].map((place) => join(lab.queue, place));
  for (const path of [lab.state, lab.queue, ...places]) chownSync(path, 65534, 65534);
  process.seteuid?.(65534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}

function asOwner(action: () => void): void {
  const user = process.geteuid?.() ?? 0;
  if (process.getuid?.() === 0) process.seteuid?.(0);
  action();
  if (process.getuid?.() === 0) process.seteuid?.(user);
}

test('a ticket that only another user can read is set aside', () => {
  const lab = openQueueLab();
  plant(lab.queue, 'tickets', ticketOf(1, self));
  plant(lab.queue, 'tickets', ticketOf(2, self));
  const [name = ''] = lab.list('tickets');
  const { observer, pass } = observe(lab);
  const { id } = ticketOf(2, self);
  asOtherUser(lab, join(lab.queue, 'tickets', name), () => {
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'behind' });
    pass(3001);
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'first' });
  });
});

test.each(['tickets', 'leases'] as const)('%s that cannot be listed are not taken for none', (place) => {
  const lab = openQueueLab();
  plant(lab.queue, 'tickets', ticketOf(2, self));
  plant(lab.queue, 'leases', leaseOf(1, self));
  const path = join(lab.queue, place);
  const { observer } = observe(lab);
  const { id } = ticketOf(2, self);
  asOtherUser(lab, path, () => {
    // What is in it can be opened and moved by its name, and a new ticket be written.
    chmodSync(path, 0o300);
    expect(() => lookAtLine(observer, id)).toThrow();
    chmodSync(path, 0o700);
    expect(lookAtLine(observer, id)).toMatchObject({ kind: 'first', leases: [{ kind: 'held' }] });
  });
});

test('a holder whose queue is closed to it goes on, and shows its lease again once it may', async () => {
  const lab = openQueueLab();
  plant(lab.queue, 'tickets', ticketOf(1, self));
  const held = holdLease(lab.queue, leaseOf(2, self));
  const places = join(lab.queue, 'leases');
  writeFileSync(join(lab.queue, 'aside'), '');
  // A file where the directory was: nothing can be read or written there, whoever we are.
  execFileSync('mv', [places, `${places}.aside`]);
  writeFileSync(places, '');
  held.update({ measuredMb: 2 });
  expect(heartbeatOf(lab.queue, 'leases', held.lease.id)).toBeNull();
  execFileSync('rm', [places]);
  execFileSync('mv', [`${places}.aside`, places]);
  held.update({ measuredMb: 3 });
  expect(readLease(lab.queue, held.lease.id)).toMatchObject({ measuredMb: 3 });
  held.release();
  expect(lab.list('leases')).toEqual([]);
});

describe('clean-stale', () => {
  test('clears what belongs to nobody, what stays unreadable and what was never published, and nothing else', async () => {
    const lab = openQueueLab();
    const gone = { ...self, startTime: '1' };
    plant(lab.queue, 'tickets', ticketOf(1, self));
    plant(lab.queue, 'tickets', ticketOf(2, gone));
    plant(lab.queue, 'tickets', ticketOf(3, self), 'torn');
    plant(lab.queue, 'leases', leaseOf(4, self));
    plant(lab.queue, 'leases', leaseOf(5, gone));
    plant(lab.queue, 'leases', leaseOf(6, self), 'torn');
    plant(lab.queue, 'cancelled', ticketOf(7, gone));
    plant(lab.queue, 'passed-over', ticketOf(8, self));
    const unpublished = join(lab.queue, 'tickets', `.${ticketOf(9, self).id}.123`);
    writeFileSync(unpublished, '');
    utimesSync(unpublished, 1, 1);
    let now = 0;
    const reclaimed: string[] = [];
    const cleaned = await cleanStale(
      lab.queue,
      {
        reclaim: async ({ id }) => {
          reclaimed.push(id);
          removeLease(lab.queue, id);
        },
      },
      {
        now: () => now,
        pause: async (milliseconds) => {
          now += milliseconds;
        },
      },
    );
    const id = (number: number) => ticketOf(number, self).id;
    expect(cleaned).toEqual({ tickets: [id(2), id(3)], leases: [id(5), id(6)], notRemovable: [] });
    expect(new Set(reclaimed)).toEqual(new Set([id(5), id(6)]));
    expect(lab.list('tickets')).toHaveLength(1);
    expect(lab.list('passed-over')).toHaveLength(1);
    expect(lab.list('cancelled')).toEqual([]);
    expect(execFileSync('ls', ['-A', join(lab.queue, 'tickets')], { encoding: 'utf8' })).not.toContain(
      '.123',
    );
  });

  test('does not say that it cleared what cannot be removed', async () => {
    const lab = openQueueLab();
    const gone = { ...self, startTime: '1' };
    for (const number of [1, 2]) plant(lab.queue, 'tickets', ticketOf(number, gone));
    const places = join(lab.queue, 'tickets');
    // Readable for whoever looks, or they would be set aside as unreadable, after seconds.
    for (const name of lab.list('tickets')) chmodSync(join(places, name), 0o644);
    // Where nothing has to be watched it is done before it first waits.
    const cleaning = asOtherUser(lab, places, () => {
      chmodSync(places, 0o500);
      return cleanStale(lab.queue, { reclaim: async () => undefined });
    });
    chmodSync(places, 0o700);
    const notRemovable = [1, 2].map((number) => ticketOf(number, gone).id);
    expect(await cleaning).toEqual({ tickets: [], leases: [], notRemovable });
  });

  test('says what it cleared, and that there is nothing', async () => {
    const lab = openQueueLab();
    plant(lab.queue, 'leases', leaseOf(5, { ...self, startTime: '1' }));
    expect(await lab.cli('clean-stale')).toMatchObject({
      status: 0,
      stdout: 'cleared away the lease 5-0000000000000005\n',
    });
    expect(await lab.cli('clean-stale')).toMatchObject({ status: 0, stdout: 'Nothing is stale.\n' });
  });
});
