import { moveToNote, writeLastRelease } from './last-release.ts';
import { listPlace, makePlaces, removeEntry, writeEntry } from './places.ts';
import { heartbeatMs, heartbeatOf } from './standing.ts';
import type { Lease } from './ticket.ts';
import { wakeFirst } from './wake.ts';

/** What becomes known about a run only after it was admitted. */
export type LeaseUpdate = Partial<Pick<Lease, 'leader' | 'cgroups' | 'measuredMb' | 'throttle'>>;

/** A lease in the hands of its holder. */
export interface HeldLease {
  /** The lease as it is published. */
  readonly lease: Lease;
  /** Publishes what has become known. */
  update(change: LeaseUpdate): void;
  /** Ends the lease and wakes the first in line. Gives whether anybody was woken. May be called twice. Never throws. */
  release(): boolean;
}

/** How often a holder looks whether its lease is still there, in milliseconds. */
const lookMs = 1000;

/** Publishes a lease; false when the file system does not let us. */
export function publishLease(directory: string, lease: Lease): boolean {
  try {
    makePlaces(directory);
    writeEntry(directory, 'leases', lease.id, JSON.stringify(lease));
    return true;
  } catch {
    // A full disk, say. The ticket that was admitted stands for the lease, and the next sign of life tries again.
    return false;
  }
}

/**
 * Removes a lease of which nothing is known but its id, and wakes the first in line. Never throws.
 * @returns whether anybody was woken.
 */
export function removeLease(directory: string, id: string): boolean {
  removeEntry(directory, 'leases', id);
  return wakeFirst(directory) !== null;
}

/**
 * Ends a lease, wakes the first in line, and notes the end for `status`. Never throws.
 * @returns whether anybody was woken.
 */
export function endLease(directory: string, lease: Lease): boolean {
  const now = Date.now();
  const line = listPlace(directory, 'tickets');
  // In one step it counts no more and its number stays known. It is quick, too: a first removal takes node a quarter of a
  // millisecond, and it has moved files before.
  if (!moveToNote(directory, lease.id)) removeEntry(directory, 'leases', lease.id);
  // Who came since the list was made is looked for only when nobody of it is left.
  const woken = wakeFirst(directory, line) ?? wakeFirst(directory);
  // Whoever waits is not to wait for this.
  writeLastRelease(directory, lease, now);
  return woken !== null;
}

/**
 * Holds a lease: shows every 5 s that its holder lives, and puts it back within a second when somebody removed the queue's
 * directory under it. Its timer does not keep the process running. All that begins with the first update: until the run has been
 * started, the ticket that was admitted stands for the lease.
 */
export function holdLease(directory: string, admitted: Lease): HeldLease {
  let lease = admitted;
  let isReleased = false;
  let timer: NodeJS.Timeout | undefined;
  const showLife = () => {
    const heartbeat = heartbeatOf(directory, 'leases', lease.id);
    if (heartbeat === null || Math.abs(Date.now() - heartbeat) >= heartbeatMs) publishLease(directory, lease);
  };
  return {
    get lease() {
      return lease;
    },
    update(change) {
      lease = { ...lease, ...change };
      if (isReleased) return;
      publishLease(directory, lease);
      timer ??= setInterval(showLife, lookMs).unref();
    },
    release() {
      if (isReleased) return false;
      isReleased = true;
      clearInterval(timer);
      return endLease(directory, lease);
    },
  };
}
