import { isAlive, type ProcessIdentity } from '../../process-identity.ts';
import { birthOf, bornSince } from './births.ts';
import { cgroupPids, moveInto, removeRunCgroups } from './cgroup.ts';
import { openSource } from './open-source.ts';
import { pause } from './pause.ts';
import { survey } from './survey.ts';
import { runCgroups, type Work } from './work.ts';

/** A runner that forks faster than this can follow is not followed further: its cookie still finds all of them. */
const maxRounds = 8;

/** Moves what the leader started before it was in the group. Their own children may have been born meanwhile: repeat. */
async function followDescendants(work: Work, leader: ProcessIdentity, directory: string): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const inside = new Set(cgroupPids([directory]));
    const source = openSource();
    const isCandidate = bornSince(birthOf(leader));
    const pids = isCandidate === null ? source.pids() : source.pids().filter(isCandidate);
    const { rows, certainty } = survey({ work, known: [], source, pids });
    const outside = rows.filter(({ identity }) => !inside.has(identity.pid));
    if (outside.length === 0 && certainty === 'sure') return;
    if (outside.length === 0) await pause(1);
    for (const { identity } of outside) await moveInto(directory, identity.pid);
  }
}

/**
 * Puts a run's leader, just started, and what it has started already into the run's groups. Off this thread: moving a
 * process takes the kernel several milliseconds.
 * @returns the work with the groups that took the leader; the others are removed.
 */
export async function enterRunCgroups(work: Work): Promise<Work> {
  const { leader } = work;
  const directories = runCgroups(work);
  if (leader === null || !isAlive(leader)) {
    await removeRunCgroups(directories);
    return { ...work, cgroups: [] };
  }
  const moved = await Promise.all(directories.map((directory) => moveInto(directory, leader.pid)));
  const entered = directories.filter((_, index) => moved[index] === true);
  await Promise.all(
    entered.map((directory) => followDescendants({ ...work, cgroups: entered }, leader, directory)),
  );
  await removeRunCgroups(directories.filter((_, index) => moved[index] !== true));
  return { ...work, cgroups: entered };
}
