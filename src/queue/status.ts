import { openProcessTable } from '../process-table.ts';
import { type LastRelease, readLastRelease } from './last-release.ts';
import { readTicket, seeLeases } from './line.ts';
import { listPlace } from './places.ts';
import type { QueueScope } from './scope.ts';
import { createPatience, heartbeatOf, type Standing, standingOf } from './standing.ts';
import type { Uncounted } from './ticket.ts';

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

/** Reads one queue. Never throws; a queue that is not there is an empty one. */
export function readQueueStatus(directory: string, scope: QueueScope, now: number = Date.now()): QueueStatus {
  const table = openProcessTable();
  const seen = seeLeases({ directory, table, patience: createPatience() });
  const heartbeat = (place: 'tickets' | 'leases', id: string) => {
    const time = heartbeatOf(directory, place, id);
    return time === null ? null : new Date(time).toISOString();
  };
  const holders = seen.flatMap(({ kind, id, lease, ...rest }): readonly HolderStatus[] => {
    if (lease === null) return [];
    const state =
      kind === 'abandoned' ? 'abandoned' : 'stopped' in rest && rest.stopped ? 'stopped' : 'running';
    const { signature, cwd, memoryMb, slots, exclusive, overridesPolicy, uncounted, expectedMs } = lease;
    return [
      {
        id,
        pid: lease.holder.pid,
        class: lease.class,
        signature,
        cwd,
        memoryMb,
        slots,
        exclusive,
        overridesPolicy,
        heartbeat: heartbeat('leases', id),
        state,
        uncounted,
        since: lease.admittedAt === null ? null : new Date(lease.admittedAt).toISOString(),
        heldMs: lease.admittedAt === null ? null : Math.max(0, now - lease.admittedAt),
        expectedMs,
      },
    ];
  });
  let startsInMs = remaining(holders);
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
      heartbeat: heartbeat('tickets', id),
      state: standingOf(ticket.waiter, table),
      position: tickets.length + 1,
      since: new Date(ticket.drawnAt).toISOString(),
      ageMs: Math.max(0, now - ticket.drawnAt),
      startsInMs,
    });
    startsInMs = startsInMs === null || expectedMs === null ? null : startsInMs + expectedMs;
  }
  return { scope, directory, holders, tickets, unreadable, lastRelease: readLastRelease(directory) };
}
