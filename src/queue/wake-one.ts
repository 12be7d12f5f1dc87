import { liveness, type ProcessIdentity } from '../process-identity.ts';
import { openProcessTable, type ProcessTable } from '../process-table.ts';

/**
 * The signal that tells a waiter to look again. Every process may be sent it: who does not listen is not hurt, and a pid that
 * was used again in this very moment costs nobody anything.
 */
export const wakeSignal = 'SIGCONT';

/**
 * The signal that brings a waiter out of its sleep and tells it nothing: what it waits for is about to happen, and then it is woken.
 * Nobody is hurt by it either.
 */
export const rouseSignal = 'SIGURG';

/** Sends one of them; whether there was somebody to send it to. */
export function sendWake(pid: number, signal: typeof wakeSignal | typeof rouseSignal = wakeSignal): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It has just ended, or belongs to another user: it looks again by itself.
    return false;
  }
}

/** Wakes one process, also one that is stopped: it goes on. True when it was sent the signal. */
export function wake(identity: ProcessIdentity, table: ProcessTable = openProcessTable()): boolean {
  return liveness(identity, table) === 'alive' && sendWake(identity.pid);
}
