import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { endLease } from '../../src/queue/hold.ts';
import {
  highestReleased,
  moveToNote,
  readLastRelease,
  writeLastRelease,
} from '../../src/queue/last-release.ts';
import { makePlaces, writeEntry } from '../../src/queue/places.ts';
import { leaseOf, openQueueLab, ownIdentity, plant, ticketOf } from './queue-lab.ts';

const self = ownIdentity();

test('who gives a place back takes away what was left by one that was killed while it did, and the notes before its own', () => {
  const { queue, list } = openQueueLab();
  makePlaces(queue);
  writeLastRelease(queue, leaseOf(1, self), Date.now() - 1000);
  plant(queue, 'leases', leaseOf(2, self));
  // Killed between two steps: the lease counts no more, and says nothing of its end.
  expect(moveToNote(queue, leaseOf(2, self).id)).toBe(true);
  expect(readLastRelease(queue)).toMatchObject({ id: leaseOf(1, self).id });
  const lease = leaseOf(3, self);
  plant(queue, 'leases', lease);
  plant(queue, 'tickets', ticketOf(4, { ...self, startTime: '1' }));
  endLease(queue, lease);
  expect(readLastRelease(queue)).toMatchObject({ id: lease.id });
  expect([list('ended').length, list('leases')]).toEqual([1, []]);
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
  const { queue, list } = openQueueLab();
  const { queue: ahead } = openQueueLab();
  const [early, late] = [leaseOf(2, self), leaseOf(1, self)];
  for (const directory of [queue, ahead]) makePlaces(directory);
  const now = Date.now();
  writeLastRelease(queue, late, now - 1000);
  writeLastRelease(queue, early, now - 2000);
  expect(readLastRelease(queue)).toMatchObject({ id: late.id, releasedAt: now - 1000 });
  expect([list('ended').length, highestReleased(queue)]).toEqual([2, early.id]);
  // A clock that was set back leaves a note from the future.
  writeLastRelease(ahead, late, now + 3_600_000);
  writeLastRelease(ahead, early, now);
  expect(readLastRelease(ahead)).toMatchObject({ id: early.id, releasedAt: now });
});
