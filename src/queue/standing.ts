import { statSync } from 'node:fs';
import { monotonicMs } from '../clock.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { sightOf } from '../process-identity.ts';
import type { ProcessTable } from '../process-table.ts';
import { entryPath, type Place } from './places.ts';

/** What can be said of a process that has a place in the queue. */
export type Standing =
  | 'active'
  /** Alive, but stopped by a signal or a debugger. */
  | 'stopped'
  | 'gone'
  /** In another container, or hidden from us: alive as far as we know. */
  | 'unseen';

/** What can be said of a process right now. */
export function standingOf(identity: ProcessIdentity, table: ProcessTable): Standing {
  const sighting = sightOf(identity, table);
  switch (sighting.kind) {
    case 'gone':
      return 'gone';
    case 'hidden':
      return 'unseen';
    case 'running':
      return sighting.stopped ? 'stopped' : 'active';
    default:
      return sighting satisfies never;
  }
}

/** Remembers, for one observer, for how long something has looked the same. */
export interface Patience {
  /** Milliseconds for which `key` has been in `state`, as seen by this observer; 0 when it was in another one before. */
  lasts(key: string, state: string): number;
}

/**
 * An observer's memory. By the monotonic clock, which stands still while the machine sleeps: after a laptop wakes up, every
 * time stamp on the disk is old, and nobody is to be judged by that.
 */
export function createPatience(clock: () => number = monotonicMs): Patience {
  const seen = new Map<string, { readonly state: string; readonly since: number }>();
  return {
    lasts(key, state) {
      const now = clock();
      const known = seen.get(key);
      if (known?.state === state) return now - known.since;
      seen.set(key, { state, since: now });
      return 0;
    },
  };
}

/** When an entry last showed a sign of life, milliseconds since the epoch; null when it is not there or cannot be seen. */
export function heartbeatOf(directory: string, place: Place, id: string): number | null {
  try {
    return statSync(entryPath(directory, place, id), { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    // A directory that was closed to us, say. A holder's timer asks, and no run may end for that.
    return null;
  }
}

/** How often a holder shows that it lives, in milliseconds. */
export const heartbeatMs = 5000;

/** A holder that lives publishes a lease that was lost anew within this time, in milliseconds. */
export const putBackMs = 3000;

/** A process that cannot be seen and shows no sign of life for this long, in milliseconds of watching it, counts as gone. */
export const unseenPatienceMs = 120_000;

/** A waiter that stays stopped for this long, in milliseconds, loses its place to those behind it. */
export const stoppedPatienceMs = 5000;

/** A ticket that stays unreadable for this long, in milliseconds, is set aside. */
export const unreadablePatienceMs = 3000;

/** A lease that stays unreadable for this long, in milliseconds, has no holder that would write it anew. */
export const unreadableLeasePatienceMs = 2 * heartbeatMs;
