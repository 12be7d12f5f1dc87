import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { endLease } from '../../src/queue/hold.ts';
import { readLastRelease, writeLastRelease } from '../../src/queue/last-release.ts';
import { makePlaces, writeEntry } from '../../src/queue/places.ts';
import { leaseOf, openQueueLab, ownIdentity, plant, ticketOf } from './queue-lab.ts';

const self = ownIdentity();

test('who gives a place back takes away what was left by one that was killed while it did', () => {
  const { queue } = openQueueLab();
  const { pid: gone } = spawnSync('true');
  const lease = leaseOf(1, self);
  plant(queue, 'leases', lease);
  plant(queue, 'tickets', ticketOf(2, { ...self, startTime: '1' }));
  for (const pid of [gone, process.ppid]) writeFileSync(join(queue, `.last-release.${pid}`), 'half a note');
  endLease(queue, lease);
  expect(readLastRelease(queue)).toMatchObject({ id: lease.id, highest: 1 });
  expect(readdirSync(queue).filter((name) => name.startsWith('.'))).toEqual([
    `.last-release.${process.ppid}`,
  ]);
  expect(readdirSync(join(queue, 'leases'))).toEqual([]);
});

test('a place that is given back while somebody waits leaves its lease nowhere, whatever it held', () => {
  const { queue } = openQueueLab();
  const lease = leaseOf(3, self);
  plant(queue, 'tickets', ticketOf(4, { ...self, startTime: '1' }));
  writeEntry(queue, 'leases', lease.id, 'not even a lease');
  endLease(queue, lease);
  expect(readdirSync(join(queue, 'leases'))).toEqual([]);
  expect(readLastRelease(queue)).toMatchObject({ id: lease.id });
});

test('a run that ended later stays the last release when an earlier one writes its note behind it', () => {
  const { queue } = openQueueLab();
  const { queue: ahead } = openQueueLab();
  const [early, late] = [leaseOf(2, self), leaseOf(1, self)];
  for (const directory of [queue, ahead]) makePlaces(directory);
  const now = Date.now();
  writeLastRelease(queue, late, now - 1000);
  writeLastRelease(queue, early, now - 2000);
  expect(readLastRelease(queue)).toMatchObject({ id: late.id, highest: 2, releasedAt: now - 1000 });
  // A clock that was set back leaves a note from the future.
  writeLastRelease(ahead, late, now + 3_600_000);
  writeLastRelease(ahead, early, now);
  expect(readLastRelease(ahead)).toMatchObject({ id: early.id, highest: 2, releasedAt: now });
});
