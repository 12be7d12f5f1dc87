import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { below } from '../below.ts';
import { openProcessTable } from '../process-table.ts';
import { readWithoutWaiting } from '../read-without-waiting.ts';
import { entryPath, removeFile, unpublishedNote } from './places.ts';
import { type Lease, numberOf } from './ticket.ts';

/** The end of the latest lease. */
export interface LastRelease {
  readonly id: string;
  /** The highest number that has been released: later tickets have higher ones, so that a number names one run for people. */
  readonly highest: number;
  /** The intent of a governed run, `script` for a place that a script acquired; null in a note that does not say. */
  readonly class: string | null;
  readonly signature: string | null;
  /** Milliseconds since the epoch. */
  readonly releasedAt: number;
  /** How long it was held, in milliseconds; null when that is not known. */
  readonly heldMs: number | null;
}

function pathOf(directory: string): string {
  return below(directory, 'last-release.json');
}

/** A number that an id can have, from what a damaged file may hold. */
function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value < 1e11 ? value : 0;
}

/** The latest release in a queue; null when there was none or it cannot be read. */
export function readLastRelease(directory: string): LastRelease | null {
  try {
    const parsed: unknown = JSON.parse(readWithoutWaiting(pathOf(directory)));
    if (typeof parsed !== 'object' || parsed === null) return null;
    const note: Partial<Record<keyof LastRelease, unknown>> = parsed;
    const { id, highest, signature, releasedAt, heldMs } = note;
    if (typeof id !== 'string' || typeof releasedAt !== 'number') return null;
    return {
      id,
      highest: Math.max(numberOf(id), numberIn(highest)),
      class: typeof note.class === 'string' ? note.class : null,
      signature: typeof signature === 'string' ? signature : null,
      releasedAt,
      heldMs: typeof heldMs === 'number' ? heldMs : null,
    };
  } catch {
    // Missing, or cut short by a full disk: it is for people, and numbers then start lower.
    return null;
  }
}

/** What the note is written into before it takes its place. */
function unpublishedPath(directory: string): string {
  return below(directory, `.last-release.${process.pid}`);
}

/** Makes a lease's file the one that the next note is written into; false when it is not there or cannot be moved. */
export function moveToNote(directory: string, id: string): boolean {
  try {
    renameSync(entryPath(directory, 'leases', id), unpublishedPath(directory));
    return true;
  } catch {
    // Removed with the queue's directory, say: its holder removes what there may be in the ordinary way.
    return false;
  }
}

/** Takes away what runs left that were killed before their note took its place. */
function removeAbandonedNotes(directory: string): void {
  const notes = readdirSync(directory).filter((name) => unpublishedNote.test(name));
  // Where there is no /proc, the table is a program to run.
  if (notes.length === 0) return;
  const table = openProcessTable();
  for (const name of notes) {
    const pid = Number(unpublishedNote.exec(name)?.[1]);
    if (pid !== process.pid && table.sight(pid).kind === 'gone') removeFile(below(directory, name));
  }
}

/**
 * Writes down that a lease has ended. A release that came later stays the last one: who releases wakes the next run before it
 * writes, and a short run can have ended by then. Never throws: nothing but a line in `status` depends on it.
 * @param now when it ended, in milliseconds since the epoch.
 */
export function writeLastRelease(directory: string, lease: Lease, now: number): void {
  const { id, signature, admittedAt } = lease;
  const temporary = unpublishedPath(directory);
  try {
    const known = readLastRelease(directory);
    const highest = Math.max(numberOf(id), known?.highest ?? 0);
    const heldMs = admittedAt === null ? null : Math.max(0, now - admittedAt);
    const ended: LastRelease = { id, highest, class: lease.class, signature, releasedAt: now, heldMs };
    // A note from the future was written under a clock that was set back since: it would stand for good.
    const isOvertaken = known !== null && known.releasedAt > now && known.releasedAt <= Date.now();
    const note = isOvertaken ? { ...known, highest } : ended;
    writeFileSync(temporary, JSON.stringify(note), { mode: 0o600 });
    renameSync(temporary, pathOf(directory));
    removeAbandonedNotes(directory);
  } catch {
    removeFile(temporary);
  }
}
