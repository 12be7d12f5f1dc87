import type { ProcessIdentity } from '../process-identity.ts';
import type { Observer, SeenLease } from './line.ts';
import { isUnsettled, settle } from './places.ts';
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

/**
 * Runs whose leases were lost with the queue's directory: a holder that lives puts its lease back within a second, unless it is
 * stopped. Null while that has to be waited for, where the processes of runs cannot be found.
 */
export function seeStrays(
  observer: Observer,
  known: readonly SeenLease[],
  findRuns: (directory: string) => readonly FoundRun[] | null,
): readonly SeenLease[] | null {
  const { directory, patience } = observer;
  if (!isUnsettled(directory)) return [];
  const runs = findRuns(directory);
  if (runs === null && patience.lasts(directory, 'unsettled') <= putBackMs) return null;
  const strays = (runs ?? []).filter(({ id }) => known.every((lease) => lease.id !== id));
  if (strays.length === 0) settle(directory);
  return strays.map((stray) => judgeStray(observer, stray));
}
