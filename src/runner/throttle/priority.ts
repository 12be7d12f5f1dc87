import { getPriority, setPriority } from 'node:os';
import { identify, isSameProcess, type ProcessIdentity } from '../../process-identity.ts';
import type { RunProcess } from '../process-tree/work.ts';

/** The priority of slowed processes: what nice(1) adds by default. They still make progress beside others. */
const slowedPriority = 10;

/** A process that was slowed, and the priority that it had before. */
export interface Lowered {
  readonly identity: ProcessIdentity;
  readonly priority: number;
}

function priorityOf(pid: number): number | null {
  try {
    return getPriority(pid);
  } catch {
    // It has ended.
    return null;
  }
}

function trySetPriority(pid: number, priority: number): boolean {
  try {
    setPriority(pid, priority);
    return true;
  } catch {
    // It has ended, or we may not: it is left as it is.
    return false;
  }
}

/** Lowers the priority of processes. Gives those that were lowered; those of other users and those that are gone are left out. */
export function lowerPriority(processes: readonly RunProcess[]): readonly Lowered[] {
  return processes.flatMap(({ identity }): readonly Lowered[] => {
    const priority = priorityOf(identity.pid);
    const isLowered =
      priority !== null && priority < slowedPriority && trySetPriority(identity.pid, slowedPriority);
    return isLowered ? [{ identity, priority }] : [];
  });
}

/**
 * Gives processes their priorities back. Only root may do that (setpriority(2)), or a user with a limit for it: a run of an
 * ordinary user stays polite to its end.
 */
export function restorePriority(lowered: readonly Lowered[]): void {
  for (const { identity, priority } of lowered) {
    const current = identify(identity.pid);
    if (current !== null && isSameProcess(current, identity) && priorityOf(identity.pid) === slowedPriority) {
      trySetPriority(identity.pid, priority);
    }
  }
}
