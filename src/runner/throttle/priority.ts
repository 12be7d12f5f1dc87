import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { identify, isSameProcess, type ProcessIdentity } from '../../process-identity.ts';
import type { RunProcess } from '../process-tree/work.ts';

/** The priority of slowed processes: what nice(1) adds by default. They still make progress beside others. */
const slowedPriority = 10;

/** A process of which threads were slowed, and the priorities that these had before, by their ids. */
export interface Lowered {
  readonly identity: ProcessIdentity;
  readonly priorities: ReadonlyMap<number, number>;
}

/**
 * The ids of a process's threads. On Linux each has a priority of its own, and a process's id names its first thread alone
 * (setpriority(2), bugs): the workers of `vitest --pool=threads` would not notice. Elsewhere a process has one.
 */
function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    // It has ended, or there is no /proc.
    return [pid];
  }
}

function priorityOf(id: number): number | null {
  try {
    return getPriority(id);
  } catch {
    // It has ended.
    return null;
  }
}

function trySetPriority(id: number, priority: number): boolean {
  try {
    setPriority(id, priority);
    return true;
  } catch {
    // It has ended, or we may not: it is left as it is.
    return false;
  }
}

/** Lowers the priority of processes. Gives what was lowered; those of other users and those that are gone are left out. */
export function lowerPriority(processes: readonly RunProcess[]): readonly Lowered[] {
  return processes.map(({ identity }): Lowered => {
    const priorities = new Map<number, number>();
    for (const thread of threadsOf(identity.pid)) {
      const priority = priorityOf(thread);
      const isLowered =
        priority !== null && priority < slowedPriority && trySetPriority(thread, slowedPriority);
      if (isLowered) priorities.set(thread, priority);
    }
    return { identity, priorities };
  });
}

/**
 * Gives processes their priorities back. Only root may do that (setpriority(2)), or a user with a limit for it: a run of an
 * ordinary user stays polite to its end.
 */
export function restorePriority(lowered: readonly Lowered[]): void {
  for (const { identity, priorities } of lowered) {
    const current = identify(identity.pid);
    if (current === null || !isSameProcess(current, identity)) continue;
    for (const thread of threadsOf(identity.pid)) {
      const priority = priorities.get(thread);
      if (priority !== undefined && priorityOf(thread) === slowedPriority) trySetPriority(thread, priority);
    }
  }
}
