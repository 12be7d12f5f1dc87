import { isSameProcess } from '../../process-identity.ts';
import { type BirthMark, birthOf, bornSince } from './births.ts';
import { cgroupPids, isPopulated } from './cgroup.ts';
import { openSource } from './open-source.ts';
import type { ProcessSource } from './process-source.ts';
import { protectedPids } from './protected.ts';
import { survey, toRunProcess } from './survey.ts';
import { isUsableCookie, type RunProcess, runCgroups, type Work } from './work.ts';

/**
 * The processes of a run, oldest first: members of its control groups, processes that carry its cookie, its leader and
 * those of `known` that live, and all their descendants. Zombies have ended; we ourselves and our ancestors are left out.
 */
export function findWork(work: Work, known: Iterable<RunProcess> = []): readonly RunProcess[] {
  return survey({ work, known, source: openSource() }).rows.map(toRunProcess);
}

/** Whether anybody is in the run's groups; null when there are none that could tell. */
function areGroupsPopulated(work: Work, source: ProcessSource): boolean | null {
  const answers = runCgroups(work).map(isPopulated);
  if (!answers.includes(true)) return answers.includes(false) ? false : null;
  const untouchable = protectedPids(source);
  return cgroupPids(runCgroups(work)).some((pid) => !untouchable.has(pid));
}

function isAnyAlive(known: Iterable<RunProcess>, source: ProcessSource): boolean {
  for (const { identity } of known) {
    const row = source.has(identity.pid) ? source.row(identity.pid) : null;
    if (row !== null && isSameProcess(row.identity, identity)) return true;
  }
  return false;
}

/**
 * Whether a run whose leader has just ended left processes behind. Quick, as the next run waits for it: with control
 * groups it takes one small read, without them only those processes are looked at that can have been born since
 * `since`, by default the leader's own birth.
 *
 * A group counts as the whole answer, so the work must be as `enterRunCgroups` gave it.
 *
 * True at times for a process that `findWork` then does not find: an orphan that is just becoming another program may
 * carry the cookie or not, and at times nothing can be seen at all. `endWork` waits until it can be told.
 */
export function hasLeftovers(
  work: Work,
  known: readonly RunProcess[] = [],
  since: BirthMark | null = work.leader === null ? null : birthOf(work.leader),
): boolean {
  const source = openSource();
  const populated = areGroupsPopulated(work, source);
  if (populated === true) return true;
  if (isAnyAlive(known, source)) return true;
  if (populated === false || !isUsableCookie(work.cookie)) return false;

  const { leader } = work;
  const began = leader === null || leader.namespace !== source.namespace ? 0 : source.ageOf(leader.startTime);
  const isCandidate = bornSince(since);
  const pids = source.pids();
  // Not even we ourselves can be seen.
  if (pids.length === 0) return true;
  const candidates = isCandidate === null ? pids : pids.filter(isCandidate);
  const untouchable = candidates.length === 0 ? new Set() : protectedPids(source);
  return candidates.some((pid) => {
    const row = untouchable.has(pid) ? null : source.row(pid);
    if (row === null || row.age < began) return false;
    const carrying = source.carries(row, work.cookie);
    // An orphan goes to the nearest ancestor that takes orphans (PR_SET_CHILD_SUBREAPER), and so to one of ours.
    return carrying === 'yes' || (carrying === 'undecided' && untouchable.has(row.parent));
  });
}
