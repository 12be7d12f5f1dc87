import { listPlace, moveEntry, readEntry, removeEntry, writeEntry } from './places.ts';
import type { Lease } from './ticket.ts';

/** The end of the latest lease. */
export interface LastRelease {
  readonly id: string;
  /** The intent of a governed run, `script` for a place that a script acquired; null in a note that does not say. */
  readonly class: string | null;
  readonly signature: string | null;
  /** Milliseconds since the epoch. */
  readonly releasedAt: number;
  /** How long it was held, in milliseconds; null when that is not known. */
  readonly heldMs: number | null;
}

/** The note of one release; null when there is none yet: a lease that was moved there says nothing of its end. */
function readNote(directory: string, id: string): LastRelease | null {
  try {
    const parsed: unknown = JSON.parse(readEntry(directory, 'ended', id) ?? 'null');
    if (typeof parsed !== 'object' || parsed === null) return null;
    const note: Partial<Record<keyof LastRelease, unknown>> = parsed;
    if (typeof note.releasedAt !== 'number') return null;
    return {
      id,
      class: typeof note.class === 'string' ? note.class : null,
      signature: typeof note.signature === 'string' ? note.signature : null,
      releasedAt: note.releasedAt,
      heldMs: typeof note.heldMs === 'number' ? note.heldMs : null,
    };
  } catch {
    // Damaged: it is for people, and its number stands in its name.
    return null;
  }
}

/** The latest of some releases. One from the future counts as the oldest: it was noted under a clock that was set back since. */
function latestOf(directory: string, ids: readonly string[]): LastRelease | null {
  const now = Date.now();
  const momentOf = ({ releasedAt }: LastRelease) => (releasedAt > now ? 0 : releasedAt);
  return ids
    .map((id) => readNote(directory, id))
    .reduce(
      (latest, note) =>
        note === null || (latest !== null && momentOf(latest) > momentOf(note)) ? latest : note,
      null,
    );
}

/** The latest release in a queue; null when there was none or it cannot be read. Never throws. */
export function readLastRelease(directory: string): LastRelease | null {
  return latestOf(directory, listPlace(directory, 'ended'));
}

/** The highest id that was released, null for none: later tickets have higher numbers, so that one names one run for people. */
export function highestReleased(directory: string): string | null {
  return listPlace(directory, 'ended').at(-1) ?? null;
}

/** Makes a lease's file the note of its release, of which it says nothing yet; false when it is not there or cannot be moved. */
export function moveToNote(directory: string, id: string): boolean {
  try {
    return moveEntry(directory, 'leases', 'ended', id);
  } catch {
    // What stands in the way is not for the end of a run to say: its holder removes the lease in the ordinary way.
    return false;
  }
}

/** Takes away the notes that nobody needs: neither the latest nor the one with the highest number. */
function removeOldNotes(directory: string): void {
  const ids = listPlace(directory, 'ended');
  const latest = latestOf(directory, ids)?.id;
  for (const id of ids.slice(0, -1)) if (id !== latest) removeEntry(directory, 'ended', id);
}

/**
 * Writes down that a lease has ended. Each release has a note of its own, for runs end beside each other: no writer takes away
 * what another one has just written, as it takes away only what is older than a note that it saw. Never throws: nothing but a
 * line in `status` and the numbers of tickets depend on it.
 * @param now when it ended, in milliseconds since the epoch.
 */
export function writeLastRelease(directory: string, lease: Lease, now: number): void {
  const { id, signature, admittedAt } = lease;
  const heldMs = admittedAt === null ? null : Math.max(0, now - admittedAt);
  const note: LastRelease = { id, class: lease.class, signature, releasedAt: now, heldMs };
  try {
    writeEntry(directory, 'ended', id, JSON.stringify(note));
  } catch {
    // A full disk, or the queue's directory is gone: the lease that was moved there still keeps its number.
  }
  removeOldNotes(directory);
}
