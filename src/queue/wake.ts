import type { ProcessIdentity } from '../process-identity.ts';
import { liveness } from '../process-identity.ts';
import { openProcessTable, type ProcessTable } from '../process-table.ts';
import { readTicket } from './line.ts';
import { listPlace } from './places.ts';
import { standingOf } from './standing.ts';

/**
 * The signal that tells a waiter to look again. Every process may be sent it: who does not listen is not hurt, and a pid that
 * was used again in this very moment costs nobody anything.
 */
export const wakeSignal = 'SIGCONT';

function send(pid: number): boolean {
  try {
    return process.kill(pid, wakeSignal);
  } catch {
    // It has just ended, or belongs to another user: it looks again by itself.
    return false;
  }
}

/** Wakes one process, also one that is stopped: it goes on. True when it was sent the signal. */
export function wake(identity: ProcessIdentity, table: ProcessTable = openProcessTable()): boolean {
  return liveness(identity, table) === 'alive' && send(identity.pid);
}

/**
 * Wakes the first in line that can be woken: after a release, an admission or a cancellation it may be its turn. Not one that
 * is stopped: the signal would undo the user's Ctrl-Z, and a run would start in the background of a shell that holds it back.
 * @returns whether anybody was woken.
 */
export function wakeFirst(directory: string, table: ProcessTable = openProcessTable()): boolean {
  for (const id of listPlace(directory, 'tickets')) {
    const ticket = readTicket(directory, id);
    if (ticket === null || standingOf(ticket.waiter, table) !== 'active') continue;
    if (send(ticket.waiter.pid)) return true;
  }
  return false;
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
