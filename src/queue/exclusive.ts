import { formatDuration } from '../durations.ts';
import type { SeenLease } from './line.ts';
import type { Admission } from './wait.ts';

/** What is said of a lease that others wait for, within a sentence. */
export function nameLease({ id, lease }: SeenLease, now: number = Date.now()): string {
  if (lease === null) return `run ${id}`;
  const name = lease.signature ?? lease.class;
  return lease.admittedAt === null ? name : `${name}, for ${formatDuration(now - lease.admittedAt)} now`;
}

/** The leases that others wait for: all but those that skipped the queue. */
export function countedLeases(held: readonly SeenLease[]): readonly SeenLease[] {
  return held.filter(({ lease }) => lease === null || lease.uncounted === null);
}

/** One run at a time: the first in line starts when nobody holds a lease. */
export function admitAlone(held: readonly SeenLease[]): Admission {
  const [first] = countedLeases(held);
  return first === undefined
    ? { kind: 'admit' }
    : { kind: 'wait', reason: `one run at a time: ${nameLease(first)}` };
}
