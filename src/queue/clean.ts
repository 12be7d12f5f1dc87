import { rmSync, statSync } from 'node:fs';
import { monotonicMs } from '../clock.ts';
import { openProcessTable } from '../process-table.ts';
import { clearTicket, type Observer, readTicket, seeLeases } from './line.ts';
import { hasEntry, listPlace, listUnpublished, type Place, readEntry, removeEntry } from './places.ts';
import { createPatience, standingOf, unreadableLeasePatienceMs, unreadablePatienceMs } from './standing.ts';
import { parseTicket } from './ticket.ts';
import type { WaitHooks } from './wait.ts';
import { wakeFirst } from './wake.ts';

/** What was cleared away. */
export interface Cleaned {
  readonly tickets: readonly string[];
  readonly leases: readonly string[];
  /** What belongs to nobody and is still there: the file system does not let us remove it. It counts for nothing. */
  readonly notRemovable: readonly string[];
}

/** Removes what owners should have taken away and did not, because they are gone; and what nobody can read. */
function clearMarkers(observer: Observer): void {
  const { directory, table } = observer;
  for (const place of ['cancelled', 'passed-over', 'unreadable'] satisfies readonly Place[]) {
    for (const id of listPlace(directory, place)) {
      const ticket = parseTicket(readEntry(directory, place, id) ?? '');
      if (ticket === null || standingOf(ticket.waiter, table) === 'gone') removeEntry(directory, place, id);
    }
  }
}

/** How old a file must be that was to be published and was not, in milliseconds: its writer was killed between two calls. */
const unpublishedMs = 60_000;

/** Removes what writers left that were killed before they could publish it. */
function clearUnpublished(directory: string): void {
  for (const path of listUnpublished(directory)) {
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt === undefined || Math.abs(Date.now() - changedAt) < unpublishedMs) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/** The time by which is judged what stays as it is. */
export interface CleaningClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

const realClock: CleaningClock = {
  now: monotonicMs,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * Clears away what belongs to processes that are gone: tickets, leases and what still runs under them, and files that cannot be
 * read and stay so while they are watched for some seconds. What lives, or cannot be seen, is not touched. Throws what the file system says.
 */
export async function cleanStale(
  directory: string,
  hooks: Pick<WaitHooks, 'reclaim'>,
  clock: CleaningClock = realClock,
): Promise<Cleaned> {
  const patience = createPatience(clock.now);
  const tickets = new Set<string>();
  const leases = new Set<string>();
  for (const isLast of [false, true]) {
    const observer: Observer = { directory, table: openProcessTable(), patience };
    let undecidedForMs = 0;
    for (const id of listPlace(directory, 'tickets')) {
      const ticket = readTicket(directory, id);
      if (clearTicket(observer, id, ticket)) tickets.add(id);
      else if (ticket === null) undecidedForMs = Math.max(undecidedForMs, unreadablePatienceMs);
    }
    for (const lease of seeLeases(observer)) {
      if (lease.kind === 'abandoned') {
        await hooks.reclaim(lease);
        leases.add(lease.id);
      } else if (lease.lease === null) undecidedForMs = unreadableLeasePatienceMs;
    }
    clearMarkers(observer);
    clearUnpublished(directory);
    if (undecidedForMs === 0 || isLast) break;
    await clock.pause(undecidedForMs + 100);
  }
  wakeFirst(directory);
  const notRemovable = new Set([
    ...[...tickets].filter((id) => hasEntry(directory, 'tickets', id)),
    ...[...leases].filter((id) => hasEntry(directory, 'leases', id)),
  ]);
  const isCleared = (id: string) => !notRemovable.has(id);
  return {
    tickets: [...tickets].filter(isCleared),
    leases: [...leases].filter(isCleared),
    notRemovable: [...notRemovable],
  };
}
