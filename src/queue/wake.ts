import { openProcessTable } from '../process-table.ts';
import { readTicket } from './line.ts';
import { listPlace } from './places.ts';
import { standingOf } from './standing.ts';
import { sendWake } from './wake-one.ts';

/**
 * Wakes the first in line that can be woken: after a release, an admission or a cancellation it may be its turn. Not one that
 * is stopped: the signal would undo the user's Ctrl-Z, and a run would start in the background of a shell that holds it back.
 * @param line the ids of those who wait, for whoever has just listed them.
 * @returns whether anybody was woken.
 */
export function wakeFirst(
  directory: string,
  line: readonly string[] = listPlace(directory, 'tickets'),
): boolean {
  // Where there is no /proc, the table is a program to run.
  if (line.length === 0) return false;
  const table = openProcessTable();
  for (const id of line) {
    const ticket = readTicket(directory, id);
    if (ticket === null || standingOf(ticket.waiter, table) !== 'active') continue;
    if (sendWake(ticket.waiter.pid)) return true;
  }
  return false;
}

/**
 * Goes over what a wake does, up to the signal. What a process does for the first time takes node twice as long, and at the end of a
 * run somebody waits for it.
 * @returns whether somebody waits.
 */
export function rehearseWake(directory: string): boolean {
  const [first] = listPlace(directory, 'tickets');
  if (first === undefined) return false;
  const ticket = readTicket(directory, first);
  if (ticket !== null) standingOf(ticket.waiter, openProcessTable());
  return true;
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
