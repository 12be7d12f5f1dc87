import type { ProcessIdentity } from '../process-identity.ts';
import { openProcessTable } from '../process-table.ts';
import { readTicket } from './line.ts';
import { hasEntry, listPlace } from './places.ts';
import { standingOf } from './standing.ts';
import { rouseSignal, sendWake } from './wake-one.ts';

/** Who waits for a turn, and with which ticket. */
export interface Waiter {
  readonly id: string;
  readonly process: ProcessIdentity;
}

/**
 * Wakes the first in line that can be woken: after a release, an admission or a cancellation it may be its turn. Not one that
 * is stopped: the signal would undo the user's Ctrl-Z, and a run would start in the background of a shell that holds it back.
 * @param line the ids of those who wait, for whoever has just listed them.
 * @returns who was woken; null when nobody was.
 */
export function wakeFirst(
  directory: string,
  line: readonly string[] = listPlace(directory, 'tickets'),
): Waiter | null {
  for (const waiter of wakeable(directory, line)) {
    if (sendWake(waiter.process.pid)) return waiter;
  }
  return null;
}

/** Those in a line who can be woken, in order. */
function* wakeable(directory: string, line: readonly string[]): Generator<Waiter> {
  // Where there is no /proc, the table is a program to run.
  if (line.length === 0) return;
  const table = openProcessTable();
  for (const id of line) {
    const waiter = readTicket(directory, id)?.waiter;
    if (waiter !== undefined && standingOf(waiter, table) === 'active') yield { id, process: waiter };
  }
}

/** The first in line that can be woken; null when there is none. */
export function findFirst(
  directory: string,
  line: readonly string[] = listPlace(directory, 'tickets'),
): Waiter | null {
  for (const waiter of wakeable(directory, line)) return waiter;
  return null;
}

/**
 * Looks who is the first in line that can be woken, for whoever knew it a while ago. Where that one is the first still, its process is
 * not looked at: without /proc that takes a program.
 */
export function findFirstAgain(directory: string, known: Waiter | null): Waiter | null {
  const line = listPlace(directory, 'tickets');
  return known !== null && line[0] === known.id ? known : findFirst(directory, line);
}

/**
 * Brings the first in line out of its sleep, which takes it a millisecond, while there is still something to do before its turn.
 * @param known who it was a while ago: to look for it anew takes half a millisecond. If another one is before it now, that one is only
 *   woken when it is time.
 */
export function rouseFirst(directory: string, known: Waiter | null): void {
  const isWaiting =
    known !== null &&
    hasEntry(directory, 'tickets', known.id) &&
    standingOf(known.process, openProcessTable()) === 'active';
  const first = isWaiting ? known : findFirst(directory);
  if (first !== null) sendWake(first.process.pid, rouseSignal);
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
