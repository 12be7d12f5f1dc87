import type { SeenLease } from './line.ts';
import type { Admission } from './wait.ts';

/** The leases that others wait for: all but those that skipped the queue. */
export function countedLeases(held: readonly SeenLease[]): readonly SeenLease[] {
  return held.filter(({ lease }) => lease === null || lease.uncounted === null);
}

/** One run at a time: the first in line starts when nobody holds a lease. */
export function admitAlone(held: readonly SeenLease[]): Admission {
  return countedLeases(held).length === 0 ? { kind: 'admit' } : { kind: 'wait', reason: 'one run at a time' };
}
