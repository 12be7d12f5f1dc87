import type { ProcessIdentity } from '../process-identity.ts';
import { openProcessTable } from '../process-table.ts';
import { readTicket } from './line.ts';
import { listPlace } from './places.ts';
import { standingOf } from './standing.ts';
import { sendWake } from './wake-one.ts';

/**
 * Wakes the first in line that can be woken: after a release, an admission or a cancellation it may be its turn. Not one that
 * is stopped: the signal would undo the user's Ctrl-Z, and a run would start in the background of a shell that holds it back.
 * @param line the ids of those who wait, for whoever has just listed them.
 * @returns the process that was woken; null when none was.
 */
export function wakeFirst(
  directory: string,
  line: readonly string[] = listPlace(directory, 'tickets'),
): ProcessIdentity | null {
  const first = findFirst(directory, line);
  return first !== null && sendWake(first.pid) ? first : null;
}

/** The first in line that can be woken; null when there is none. */
export function findFirst(
  directory: string,
  line: readonly string[] = listPlace(directory, 'tickets'),
): ProcessIdentity | null {
  // Where there is no /proc, the table is a program to run.
  if (line.length === 0) return null;
  const table = openProcessTable();
  for (const id of line) {
    const waiter = readTicket(directory, id)?.waiter;
    if (waiter !== undefined && standingOf(waiter, table) === 'active') return waiter;
  }
  return null;
}

/**
 * Wakes who was the first in line a while ago, if it can be woken: to look for the first anew takes half a millisecond, and that one
 * sleeps. Whoever calls this looks anew right afterwards; who does not wait any more is not hurt.
 */
export function wakeKnown(waiter: ProcessIdentity): boolean {
  return standingOf(waiter, openProcessTable()) === 'active' && sendWake(waiter.pid);
}

/** Milliseconds within which a process that is being killed is seen to be gone. */
const dyingMs = 20;

/**
 * Wakes the first in line once more, a moment after a release. Who was being killed when it was woken still looked alive, and the
 * one behind it sleeps for seconds. A process that is about to end anyway can do that; for one that lives, it is one more look.
 */
export async function wakeFirstAgain(directory: string): Promise<void> {
  if (listPlace(directory, 'tickets').length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, dyingMs));
  wakeFirst(directory);
}
