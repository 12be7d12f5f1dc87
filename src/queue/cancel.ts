import { monotonicMs } from '../clock.ts';
import { liveness } from '../process-identity.ts';
import { openProcessTable } from '../process-table.ts';
import { readLease, readTicket } from './line.ts';
import { hasEntry, listPlace, moveEntry } from './places.ts';
import { type Lease, numberOf, type Ticket } from './ticket.ts';
import { wakeFirst } from './wake.ts';
import { wake } from './wake-one.ts';

/** What a name given by a person stands for. */
export type Found =
  | { readonly kind: 'ticket'; readonly directory: string; readonly ticket: Ticket }
  | { readonly kind: 'lease'; readonly directory: string; readonly lease: Lease };

/**
 * Finds entries by an id, or by its number alone. More than one when two drew the same number at one moment, or in two queues.
 * Tickets first: one that is admitted in between is found as a lease.
 */
export function findEntries(directory: string, name: string): readonly Found[] {
  const isMeant = (id: string) => id === name || (/^\d+$/.test(name) && numberOf(id) === Number(name));
  const tickets = listPlace(directory, 'tickets')
    .filter(isMeant)
    .map((id) => readTicket(directory, id))
    .filter((ticket) => ticket !== null);
  const leases = listPlace(directory, 'leases')
    .filter(isMeant)
    .map((id) => readLease(directory, id))
    .filter((lease) => lease !== null);
  const admitted = new Set(leases.map(({ id }) => id));
  return [
    ...tickets
      .filter(({ id }) => !admitted.has(id))
      .map((ticket): Found => ({ kind: 'ticket', directory, ticket })),
    ...leases.map((lease): Found => ({ kind: 'lease', directory, lease })),
  ];
}

/**
 * Takes a waiting ticket out of the line: its process finds that out at once and ends with 130, also when it is stopped. False
 * when it was admitted or left in the meantime; a holder is never touched. Throws what the file system says.
 */
export function cancelTicket(directory: string, ticket: Ticket): boolean {
  if (!moveEntry(directory, 'tickets', 'cancelled', ticket.id)) return false;
  wake(ticket.waiter);
  wakeFirst(directory);
  return true;
}

/** What became of a lease whose holder was asked to end. */
export type Cancellation =
  /** The lease is given back: the holder did it, or died and what it left was reclaimed. */
  | 'given-back'
  /** The holder was gone already, and what it left was reclaimed. */
  | 'reclaimed'
  /** The holder may not be signalled: it is another user's, or in another container. */
  | 'out-of-reach'
  /** The holder goes on, with its lease. */
  | 'still-held';

export interface LeaseEnding {
  /** How long the holder may take, in milliseconds. */
  readonly limitMs: number;
  /** Ends what a holder that is gone left running, and its lease. */
  reclaim(lease: Lease): Promise<void>;
}

/** How often is looked whether the lease is gone, in milliseconds. */
const lookMs = 50;

/** SIGTERM, as for any program: a governed run passes it on, cleans up and gives its lease back. A stopped one has to go on for that. */
function stop({ holder }: Lease): boolean {
  try {
    return process.kill(holder.pid, 'SIGTERM') && process.kill(holder.pid, 'SIGCONT');
  } catch {
    return false;
  }
}

/** Asks the process that holds a lease to end, and waits until the lease is gone. */
export async function cancelLease(
  directory: string,
  lease: Lease,
  ending: LeaseEnding,
): Promise<Cancellation> {
  const isGone = () => liveness(lease.holder) === 'dead';
  if (isGone()) {
    await ending.reclaim(lease);
    return 'reclaimed';
  }
  // In another container the pid is somebody else's.
  const isSeen = liveness(lease.holder) === 'alive';
  if (!isSeen || (!stop(lease) && !isGone())) return 'out-of-reach';
  for (const deadline = monotonicMs() + ending.limitMs; monotonicMs() < deadline; ) {
    if (!hasEntry(directory, 'leases', lease.id)) return 'given-back';
    if (isGone()) {
      await ending.reclaim(lease);
      return 'given-back';
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return 'still-held';
}

/** The tickets whose waiting process is one of `family` or below one of them. */
export function ticketsOf(directory: string, family: readonly number[]): readonly Ticket[] {
  const table = openProcessTable();
  const isBelow = (pid: number, depth = 0): boolean => {
    if (family.includes(pid)) return true;
    const sighting = table.sight(pid);
    return sighting.kind === 'running' && depth < 1024 && isBelow(sighting.parent, depth + 1);
  };
  return listPlace(directory, 'tickets')
    .map((id) => readTicket(directory, id))
    .filter((ticket) => ticket !== null)
    .filter(({ waiter }) => waiter.namespace === table.namespace && isBelow(waiter.pid));
}
