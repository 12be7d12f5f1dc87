import { expect, test } from '@jest/globals';
import { readOutlook, readQueueStatus } from '../../src/queue/status.ts';
import { leaseOf, openQueueLab, ownIdentity, plant, ticketOf } from './queue-lab.ts';

const now = Date.now();

/** A run that has held the queue for three seconds, and two that wait, which take 25 ms each. */
function estimates(expectedMs: number) {
  const { queue } = openQueueLab();
  const self = ownIdentity();
  plant(queue, 'leases', leaseOf(1, self, { admittedAt: now - 3000, expectedMs }));
  const tickets = [2, 3].map((number) => ticketOf(number, self, { expectedMs: 25 }));
  for (const ticket of tickets) plant(queue, 'tickets', ticket);
  const listed = readQueueStatus(queue, 'repo', now).tickets.map(({ startsInMs }) => startsInMs);
  const told = tickets.map(({ id }) => readOutlook(queue, id, new Map(), now).startsInMs);
  return { listed, told };
}

test('who waits is told the time that the runs before it usually take', () => {
  expect(estimates(4000)).toEqual({ listed: [1000, 1025], told: [1000, 1025] });
});

test('behind a run that takes longer than usual nobody but the first in line is told a time', () => {
  expect(estimates(2000)).toEqual({ listed: [0, null], told: [0, null] });
});
