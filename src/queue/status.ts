import { openProcessTable } from '../process-table.ts';
import { type LastRelease, readLastRelease } from './last-release.ts';
import { type Observer, readTicket, type SeenLease, seeLeases } from './line.ts';
import { listPlace } from './places.ts';
import type { QueueScope } from './scope.ts';
import { createPatience, heartbeatOf, type Standing, standingOf } from './standing.ts';
import { compareIds, type ThrottleState, type Ticket, type Uncounted } from './ticket.ts';

/** What `status` tells of any entry. */
interface EntryStatus {
  readonly id: string;
  readonly pid: number;
  readonly class: string;
  readonly signature: string | null;
  readonly cwd: string;
  readonly memoryMb: number | null;
  readonly slots: number;
  readonly exclusive: boolean;
  readonly overridesPolicy: boolean;
  /** The latest sign of life, ISO 8601; null when the file is gone by now. */
  readonly heartbeat: string | null;
}

/** A run that holds a lease. */
export interface HolderStatus extends EntryStatus {
  readonly state: 'running' | 'stopped' | 'abandoned';
  readonly uncounted: Uncounted | null;
  /** Whether it is held back while the machine is under strain. */
  readonly throttle: ThrottleState;
  /** Since when it has been held, ISO 8601; null for the moment of its admission. */
  readonly since: string | null;
  /** How long it has been held, in milliseconds; null for the moment of its admission. */
  readonly heldMs: number | null;
  readonly expectedMs: number | null;
}

/** A run that waits. */
export interface TicketStatus extends EntryStatus {
  readonly state: Standing;
  /** 1 for the first in line. */
  readonly position: number;
  /** Since when it has waited, ISO 8601. */
  readonly since: string;
  readonly ageMs: number;
  /** When it will start, in milliseconds from now, as far as past durations tell; null when they do not. */
  readonly startsInMs: number | null;
}

/** One queue as it stands. */
export interface QueueStatus {
  readonly scope: QueueScope;
  readonly directory: string;
  readonly holders: readonly HolderStatus[];
  readonly tickets: readonly TicketStatus[];
  /** Entries that cannot be read. */
  readonly unreadable: readonly string[];
  readonly lastRelease: LastRelease | null;
}

/** Milliseconds until the holders are done, as far as past durations tell; null when they do not. */
function remaining(holders: readonly HolderStatus[]): number | null {
  let longest = 0;
  for (const { uncounted, expectedMs, heldMs } of holders) {
    if (uncounted !== null) continue;
    if (expectedMs === null) return null;
    longest = Math.max(longest, expectedMs - (heldMs ?? 0));
  }
  return longest;
}

/** A holder takes longer than such runs do: when those behind the first in line will start, nobody can tell. */
function isOverdue(holders: readonly HolderStatus[], remainingMs: number | null): boolean {
  return remainingMs === 0 && holders.some(({ uncounted }) => uncounted === null);
}

function heartbeatText(directory: string, place: 'tickets' | 'leases', id: string): string | null {
  const time = heartbeatOf(directory, place, id);
  return time === null ? null : new Date(time).toISOString();
}

function holderStatus(directory: string, seen: SeenLease, now: number): HolderStatus | null {
  const { kind, id, lease } = seen;
  if (lease === null) return null;
  const state = kind === 'abandoned' ? 'abandoned' : seen.stopped ? 'stopped' : 'running';
  const { signature, cwd, memoryMb, slots, exclusive, overridesPolicy, uncounted, expectedMs } = lease;
  return {
    id,
    pid: lease.holder.pid,
    class: lease.class,
    signature,
    cwd,
    memoryMb,
    slots,
    exclusive,
    overridesPolicy,
    heartbeat: heartbeatText(directory, 'leases', id),
    state,
    uncounted,
    throttle: lease.throttle,
    since: lease.admittedAt === null ? null : new Date(lease.admittedAt).toISOString(),
    heldMs: lease.admittedAt === null ? null : Math.max(0, now - lease.admittedAt),
    expectedMs,
  };
}

function holdersIn(directory: string, seen: readonly SeenLease[], now: number): readonly HolderStatus[] {
  return seen.map((lease) => holderStatus(directory, lease, now)).filter((holder) => holder !== null);
}

function look(directory: string): Observer {
  return { directory, table: openProcessTable(), patience: createPatience() };
}

/** What one who waits is told: who holds the queue, and how long it may still take. */
export interface Outlook {
  /** 1 for the first in line. */
  readonly position: number;
  readonly holders: readonly HolderStatus[];
  /** The first in line, when that is another one and nobody holds the queue; null otherwise, and when it has just left. */
  readonly first: Ticket | null;
  /** When it will start, in milliseconds from now, as far as past durations tell; null when they do not. */
  readonly startsInMs: number | null;
}

/**
 * What can be told to the owner of ticket `id`. A hundred waiters ask every half minute, so a ticket before it is read once: it is
 * never written again.
 * @param expected how long the runs of tickets take that were read before, in milliseconds; is added to.
 */
export function readOutlook(
  directory: string,
  id: string,
  expected: Map<string, number | null>,
  now: number = Date.now(),
): Outlook {
  const holders = holdersIn(directory, seeLeases(look(directory)), now);
  const before = listPlace(directory, 'tickets').filter((other) => compareIds(other, id) < 0);
  let startsInMs = remaining(holders);
  const overdue = isOverdue(holders, startsInMs);
  for (const other of before) {
    if (overdue) startsInMs = null;
    if (startsInMs === null) break;
    const known = expected.get(other);
    const expectedMs = known === undefined ? (readTicket(directory, other)?.expectedMs ?? null) : known;
    expected.set(other, expectedMs);
    startsInMs = expectedMs === null ? null : startsInMs + expectedMs;
  }
  const isHeld = holders.some(({ uncounted }) => uncounted === null);
  const [head] = before;
  const first = isHeld || head === undefined ? null : readTicket(directory, head);
  return { position: before.length + 1, holders, first, startsInMs };
}

/** Reads one queue. Never throws; a queue that is not there is an empty one. */
export function readQueueStatus(directory: string, scope: QueueScope, now: number = Date.now()): QueueStatus {
  const observer = look(directory);
  const seen = seeLeases(observer);
  const holders = holdersIn(directory, seen, now);
  let startsInMs = remaining(holders);
  const overdue = isOverdue(holders, startsInMs);
  const tickets: TicketStatus[] = [];
  const unreadable = seen.filter(({ lease }) => lease === null).map(({ id }) => id);
  for (const id of listPlace(directory, 'tickets')) {
    const ticket = readTicket(directory, id);
    if (ticket === null) {
      unreadable.push(id);
      continue;
    }
    const { signature, cwd, memoryMb, slots, exclusive, overridesPolicy, expectedMs } = ticket;
    tickets.push({
      id,
      pid: ticket.waiter.pid,
      class: ticket.class,
      signature,
      cwd,
      memoryMb,
      slots,
      exclusive,
      overridesPolicy,
      heartbeat: heartbeatText(directory, 'tickets', id),
      state: standingOf(ticket.waiter, observer.table),
      position: tickets.length + 1,
      since: new Date(ticket.drawnAt).toISOString(),
      ageMs: Math.max(0, now - ticket.drawnAt),
      startsInMs,
    });
    startsInMs = overdue || startsInMs === null || expectedMs === null ? null : startsInMs + expectedMs;
  }
  return { scope, directory, holders, tickets, unreadable, lastRelease: readLastRelease(directory) };
}
