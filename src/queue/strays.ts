import type { ProcessIdentity } from '../process-identity.ts';
import type { Observer, SeenLease } from './line.ts';
import { hasEntry, isUnsettled, settle } from './places.ts';
import { putBackMs, standingOf } from './standing.ts';

/** A run of which processes live. */
export interface FoundRun {
  /** The id of its lease. */
  readonly id: string;
  /** Who held that; null when its processes do not say. */
  readonly holder: ProcessIdentity | null;
}

function judgeStray({ table, patience }: Observer, { id, holder }: FoundRun): SeenLease {
  const standing = holder === null ? 'unseen' : standingOf(holder, table);
  const isGone = standing === 'gone' || (standing === 'unseen' && patience.lasts(id, 'stray') > putBackMs);
  return isGone
    ? { kind: 'abandoned', id, lease: null }
    : { kind: 'held', id, lease: null, stopped: standing === 'stopped' };
}

/** What one waiter remembers of the leases between its looks. */
export interface LeaseMemory {
  /** The ids that it saw last. */
  seen: readonly string[];
  /** Leases may have been lost since, and nobody has looked for their runs. */
  isDoubtful: boolean;
}

/** The memory of a waiter that has just come. */
export function createLeaseMemory(): LeaseMemory {
  return { seen: [], isDoubtful: false };
}

/**
 * Notes what is there now. A lease that has gone and left no note of its release was lost: `rm -rf` empties a directory file by file,
 * and to who looks in the middle of that it is a queue in which nobody runs. (A note may have made way for a later one, too.)
 */
function remember(directory: string, memory: LeaseMemory, known: readonly SeenLease[]): void {
  const ids = known.map(({ id }) => id);
  const isLost = (id: string) => !ids.includes(id) && !hasEntry(directory, 'ended', id);
  memory.isDoubtful ||= memory.seen.some(isLost);
  memory.seen = ids;
}

/**
 * Runs whose leases were lost with the queue's directory: a holder that lives puts its lease back within a second, unless it is
 * stopped. Null while that has to be waited for, where the processes of runs cannot be found.
 */
export function seeStrays(
  observer: Observer,
  known: readonly SeenLease[],
  findRuns: (directory: string) => readonly FoundRun[] | null,
  memory: LeaseMemory,
): readonly SeenLease[] | null {
  const { directory, patience } = observer;
  remember(directory, memory, known);
  if (!memory.isDoubtful && !isUnsettled(directory)) return [];
  const runs = findRuns(directory);
  if (runs === null && patience.lasts(directory, 'unsettled') <= putBackMs) return null;
  const strays = (runs ?? []).filter(({ id }) => known.every((lease) => lease.id !== id));
  if (strays.length === 0) {
    settle(directory);
    memory.isDoubtful = false;
    patience.lasts(directory, 'settled');
  }
  return strays.map((stray) => judgeStray(observer, stray));
}
