import { monotonicMs } from '../../clock.ts';
import { cgroupPids, isFrozen, setFrozen } from './cgroup.ts';
import { openSource } from './open-source.ts';
import { pause } from './pause.ts';
import { keyOf } from './process-source.ts';
import { protectedPids } from './protected.ts';
import { openSignaller } from './signal.ts';
import { survey, toRunProcess } from './survey.ts';
import { type RunProcess, runCgroups, type Work } from './work.ts';

/** How a run was frozen. */
export interface FreezeReport {
  /** Control groups that are frozen. */
  readonly cgroups: readonly string[];
  /** Processes outside of them that were stopped by a signal; not those that had stopped before. */
  readonly stopped: readonly RunProcess[];
  /** False when some process may still run: it is another user's, or new ones came without end. */
  readonly isComplete: boolean;
}

/** A stop takes effect when the process is next scheduled; what still runs after so long cannot be stopped. */
const stopMs = 2000;

/** Between two looks. */
const firstPauseMs = 1;
const lastPauseMs = 20;

async function freezeGroup(directory: string): Promise<boolean> {
  const deadline = monotonicMs() + stopMs;
  for (let wait = firstPauseMs; !isFrozen(directory); wait = Math.min(wait * 2, lastPauseMs)) {
    if (monotonicMs() > deadline) return false;
    await pause(wait);
  }
  return true;
}

/**
 * Stops all processes of a run where they stand: its control groups by `cgroup.freeze`, what is outside of them by
 * SIGSTOP, parents first, again until no new ones are found. Never a group that we are in ourselves.
 */
export async function freezeWork(work: Work, known: Iterable<RunProcess> = []): Promise<FreezeReport> {
  const untouchable = protectedPids(openSource());
  const cgroups = runCgroups(work).filter(
    (directory) => !cgroupPids([directory]).some((pid) => untouchable.has(pid)) && setFrozen(directory, true),
  );
  const areFrozen = await Promise.all(cgroups.map(freezeGroup));
  const stopped = new Map<string, RunProcess>();
  const report = (isComplete: boolean): FreezeReport => ({
    cgroups,
    stopped: [...stopped.values()],
    isComplete: isComplete && areFrozen.every((frozen) => frozen),
  });
  const deadline = monotonicMs() + stopMs;
  // One that was about to stop may have had a child after the processes were listed, and have stopped before it was looked at.
  let isSettled = true;
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, lastPauseMs)) {
    const source = openSource();
    const inside = new Set(cgroupPids(cgroups));
    const { rows, certainty } = survey({ work, known: [...known, ...stopped.values()], source });
    const running = rows.filter(({ identity, isStopped }) => !isStopped && !inside.has(identity.pid));
    if (running.length === 0 && certainty === 'sure') {
      if (isSettled) return report(true);
      isSettled = true;
      continue;
    }
    isSettled = false;

    const send = openSignaller(source);
    const deliveries = running.map((row) => ({ row, delivery: send(row.identity, 'SIGSTOP') }));
    for (const { row, delivery } of deliveries) {
      if (delivery === 'sent') stopped.set(keyOf(row), toRunProcess(row));
    }
    const areOthers = running.length > 0 && deliveries.every(({ delivery }) => delivery === 'refused');
    if ((areOthers && certainty === 'sure') || monotonicMs() > deadline) return report(false);
    await pause(wait);
  }
}

/**
 * Lets a frozen run go on, children first. Without the report of the freeze (whoever froze it is gone) every stopped
 * process of the run is continued.
 */
export function thawWork(work: Work, known: Iterable<RunProcess> = [], frozen?: FreezeReport): void {
  const source = openSource();
  const stopped =
    frozen?.stopped ??
    survey({ work, known, source })
      .rows.filter(({ isStopped }) => isStopped)
      .map(toRunProcess);
  const send = openSignaller(source);
  for (const { identity } of [...stopped].reverse()) send(identity, 'SIGCONT');
  for (const directory of runCgroups(work)) setFrozen(directory, false);
}
