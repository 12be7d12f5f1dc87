import { identify, isSameProcess, type ProcessIdentity } from '../process-identity.ts';
import { openProcessTable } from '../process-table.ts';
import { readLease, readTicket } from './line.ts';
import { listPlace, moveEntry } from './places.ts';
import { type Lease, numberOf, type Ticket } from './ticket.ts';
import { wake, wakeFirst } from './wake.ts';

/** What a name given by a person stands for. */
export type Found =
  | { readonly kind: 'ticket'; readonly ticket: Ticket }
  | { readonly kind: 'lease'; readonly lease: Lease }
  | { readonly kind: 'none' };

/** Finds an entry by its id, or by its number alone. */
export function findEntry(directory: string, name: string): Found {
  const isMeant = (id: string) => id === name || (/^\d+$/.test(name) && numberOf(id) === Number(name));
  for (const id of listPlace(directory, 'tickets').filter(isMeant)) {
    const ticket = readTicket(directory, id);
    if (ticket !== null) return { kind: 'ticket', ticket };
  }
  for (const id of listPlace(directory, 'leases').filter(isMeant)) {
    const lease = readLease(directory, id);
    if (lease !== null) return { kind: 'lease', lease };
  }
  return { kind: 'none' };
}

/**
 * Takes a waiting ticket out of the line: its process finds that out at once and ends with 130. False when it was admitted or
 * left in the meantime; a holder is never touched. Throws what the file system says.
 */
export function cancelTicket(directory: string, ticket: Ticket): boolean {
  if (!moveEntry(directory, 'tickets', 'cancelled', ticket.id)) return false;
  wake(ticket.waiter);
  wakeFirst(directory);
  return true;
}

/**
 * Asks the process that holds a lease to end, as SIGTERM does for any program: a governed run passes it on, cleans up and gives
 * its lease back. False when that process is gone or may not be signalled.
 */
export function stopHolder(lease: Lease): boolean {
  const current = identify(lease.holder.pid);
  if (current === null || !isSameProcess(current, lease.holder)) return false;
  try {
    return process.kill(lease.holder.pid, 'SIGTERM');
  } catch {
    return false;
  }
}

/** The tickets whose waiting process is one of `family` or below one of them. */
export function ticketsOf(directory: string, family: readonly ProcessIdentity[]): readonly Ticket[] {
  const table = openProcessTable();
  const pids = new Set(family.map(({ pid }) => pid));
  const isBelow = (pid: number, depth = 0): boolean => {
    if (pids.has(pid)) return true;
    const sighting = table.sight(pid);
    return sighting.kind === 'running' && depth < 1024 && isBelow(sighting.parent, depth + 1);
  };
  return listPlace(directory, 'tickets')
    .map((id) => readTicket(directory, id))
    .filter((ticket) => ticket !== null)
    .filter((ticket) => isBelow(ticket.waiter.pid));
}
