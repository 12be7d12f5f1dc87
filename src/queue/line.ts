import type { ProcessTable } from '../process-table.ts';
import { hasEntry, listPlace, listPlaceOrThrow, moveEntry, readEntry, removeEntry } from './places.ts';
import {
  heartbeatOf,
  type Patience,
  standingOf,
  stoppedPatienceMs,
  unreadableLeasePatienceMs,
  unreadablePatienceMs,
  unseenPatienceMs,
} from './standing.ts';
import { type Lease, parseLease, parseTicket, type Ticket } from './ticket.ts';
import { wake } from './wake-one.ts';

/** Who looks at the queue, and with what. */
export interface Observer {
  readonly directory: string;
  readonly table: ProcessTable;
  readonly patience: Patience;
}

/** What the owner of one ticket sees. */
export type Look =
  /** Its ticket is not in the line any more. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'behind'; readonly position: number; readonly predecessor: Ticket | null }
  | { readonly kind: 'first'; readonly leases: readonly SeenLease[] };

/** A lease as it stands: held, or left behind by a holder that is gone. */
export type SeenLease =
  | { readonly kind: 'held'; readonly id: string; readonly lease: Lease | null; readonly stopped: boolean }
  | { readonly kind: 'abandoned'; readonly id: string; readonly lease: Lease | null };

/** True when what cannot be seen has shown no sign of life for too long to be waited for. */
function isGivenUp(observer: Observer, place: 'tickets' | 'leases', id: string): boolean {
  const heartbeat = heartbeatOf(observer.directory, place, id);
  return observer.patience.lasts(id, `unseen ${heartbeat}`) > unseenPatienceMs;
}

/** Why a ticket is out of the line; null while it is in it. */
type Exit = 'removed' | 'passed-over' | 'unreadable';

function exitOf(observer: Observer, id: string, ticket: Ticket | null): Exit | null {
  const { directory, table, patience } = observer;
  if (ticket === null) {
    // Cut short by a full disk, damaged, or just moved: only what stays like that is no ticket.
    const stays = patience.lasts(id, 'unreadable') > unreadablePatienceMs;
    return stays && hasEntry(directory, 'tickets', id) ? 'unreadable' : null;
  }
  if (standingOf(ticket.holder, table) === 'gone') return 'removed';
  const standing = standingOf(ticket.waiter, table);
  switch (standing) {
    case 'gone':
      return 'removed';
    case 'stopped':
      return patience.lasts(id, 'stopped') > stoppedPatienceMs ? 'passed-over' : null;
    case 'unseen':
      return isGivenUp(observer, 'tickets', id) ? 'removed' : null;
    case 'active':
      // Noted, so that one that stops later has a new time from then on.
      patience.lasts(id, 'active');
      return null;
    default:
      return standing satisfies never;
  }
}

/**
 * Takes a ticket out of the line when nobody waits with it any more. True when it is out, whoever did it: by a rename or the
 * removal of a name that no other ticket ever has, so it does not matter how many find the same.
 */
export function clearTicket(observer: Observer, id: string, ticket: Ticket | null): boolean {
  const { directory } = observer;
  const exit = exitOf(observer, id, ticket);
  switch (exit) {
    case null:
      return false;
    case 'removed':
      removeEntry(directory, 'tickets', id);
      // Its script is gone, and it would sleep on for a while.
      if (ticket !== null) wake(ticket.waiter, observer.table);
      return true;
    case 'passed-over':
    case 'unreadable':
      // By anybody, unless the place to which it goes was removed: its owner would still find it in the line.
      return moveEntry(directory, 'tickets', exit, id) || !hasEntry(directory, 'tickets', id);
    default:
      return exit satisfies never;
  }
}

/** The ticket with this id; null when it is not there or cannot be read. */
export function readTicket(directory: string, id: string): Ticket | null {
  const text = readEntry(directory, 'tickets', id);
  return text === null ? null : parseTicket(text);
}

/** The lease with this id; null when it is not there or cannot be read. */
export function readLease(directory: string, id: string): Lease | null {
  const text = readEntry(directory, 'leases', id);
  return text === null ? null : parseLease(text);
}

function seeLease(observer: Observer, id: string): SeenLease | null {
  const { directory, table, patience } = observer;
  const lease = readLease(directory, id);
  if (lease === null) {
    if (!hasEntry(directory, 'leases', id)) return null;
    // Its holder writes it anew with the next sign of life; another user's, which only he can read, still shows its life.
    const looks = `unreadable ${heartbeatOf(directory, 'leases', id)}`;
    const stays = patience.lasts(id, looks) > unreadableLeasePatienceMs;
    return { kind: stays ? 'abandoned' : 'held', id, lease, stopped: false };
  }
  const standing = standingOf(lease.holder, table);
  const isGone = standing === 'gone' || (standing === 'unseen' && isGivenUp(observer, 'leases', id));
  return isGone
    ? { kind: 'abandoned', id, lease }
    : { kind: 'held', id, lease, stopped: standing === 'stopped' };
}

/**
 * A nested lease counts for itself once none of those is held any more that counted for it: its script gave its place back or was
 * killed, and what it had started goes on.
 */
function countOutliving(seen: SeenLease, held: ReadonlySet<string>): SeenLease {
  const { kind, lease } = seen;
  if (kind !== 'held' || lease === null || lease.within.length === 0) return seen;
  return lease.within.some((id) => held.has(id)) ? seen : { ...seen, lease: { ...lease, uncounted: null } };
}

function seeEach(observer: Observer, ids: readonly string[]): readonly SeenLease[] {
  const seen = ids.map((id) => seeLease(observer, id)).filter((lease) => lease !== null);
  const held = new Set(seen.filter(({ kind }) => kind === 'held').map(({ id }) => id));
  return seen.map((lease) => countOutliving(lease, held));
}

/** The leases of a queue, in the order in which they were drawn; none when they cannot be listed. */
export function seeLeases(observer: Observer): readonly SeenLease[] {
  return seeEach(observer, listPlace(observer.directory, 'leases'));
}

/**
 * Looks at the queue for the owner of ticket `id`, and clears tickets right before it whose owners are gone. Each owner looks
 * at its predecessor alone: however long the line is, a look is one directory and one file. Throws what the file system says: a line or
 * leases that cannot be listed are not none.
 */
export function lookAtLine(observer: Observer, id: string): Look {
  const { directory } = observer;
  const line = listPlaceOrThrow(directory, 'tickets');
  const index = line.indexOf(id);
  if (index === -1) return { kind: 'lost' };
  for (let position = index; position > 0; position--) {
    const other = line[position - 1] ?? '';
    const predecessor = readTicket(directory, other);
    if (!clearTicket(observer, other, predecessor))
      return { kind: 'behind', position: position + 1, predecessor };
  }
  // After the tickets: one that was admitted in the meantime is among the leases.
  return { kind: 'first', leases: seeEach(observer, listPlaceOrThrow(directory, 'leases')) };
}

/** The leases that others wait for: all but those that skipped the queue or lie within another one. */
export function countedLeases(held: readonly SeenLease[]): readonly SeenLease[] {
  return held.filter(({ lease }) => lease === null || lease.uncounted === null);
}
