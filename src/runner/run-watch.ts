import type { HeldLease } from '../queue/hold.ts';
import { findFirstAgain, type Waiter } from '../queue/wake.ts';
import { firstMomentsMs } from './first-moments.ts';
import { processTree } from './process-tree.ts';
import type { RunClock } from './run-clock.ts';
import type { Throttle } from './throttle/throttle.ts';
import type { WorkKeeper } from './work-keeper.ts';

/** What happens beside a run while it runs, for the sake of the others. */
export interface RunWatch {
  /** The runner runs. `first` was woken for that as the first in line; null when nobody was. */
  started(clock: RunClock, first: Waiter | null): void;
  /** The first in line, as it was at the latest look, seconds ago; null when nobody was. */
  successor(): Waiter | null;
  /** For how long the run was slowed or frozen, in milliseconds; null for one that is never held back. */
  throttledMs(): number | null;
  /** The run stands still until the machine has recovered. */
  isFrozen(): boolean;
  /** Lets the run go on, and ends the watch. May be called twice. */
  stop(): void;
}

/** What a watch needs to know. */
export interface WatchedRun {
  readonly directory: string;
  readonly held: HeldLease;
  readonly work: WorkKeeper;
  /** The user's `MAX_LOAD`; null when the run is not to be throttled. */
  readonly maxLoad: number | null;
  /** Prints one line on standard error. */
  readonly say: (line: string) => void;
}

/** How often a run tells others what memory it has taken, in milliseconds. */
const publishMs = 2000;

/** A change below this part of the figure is not worth a file. */
const changeThatCounts = 0.05;

/** Publishes what the run was measured to take: for those who wait it counts where it is more than was reserved. */
function publishMemory(held: HeldLease, work: WorkKeeper): void {
  const now = work.peak()?.mb ?? 0;
  const published = held.lease.measuredMb ?? 0;
  if (now > published * (1 + changeThatCounts)) held.update({ measuredMb: now });
}

/**
 * Goes over what the end of a run begins with, and changes nothing: what a process does for the first time takes node twice as long,
 * and then somebody waits for it.
 */
function rehearseEnd(work: WorkKeeper): void {
  try {
    work.hasLeftovers();
  } catch {
    // Processes cannot be listed at the moment: the end itself will say so.
    return;
  }
}

/** A watch that begins when the runner has been started. */
export function createRunWatch({ directory, held, work, maxLoad, say }: WatchedRun): RunWatch {
  let throttle: Throttle | null = null;
  let timer: NodeJS.Timeout | undefined;
  let rehearsal: NodeJS.Timeout | undefined;
  let isRehearsed = false;
  let successor: Waiter | null = null;
  const lookForSuccessor = () => {
    successor = findFirstAgain(directory, successor);
    if (successor === null || isRehearsed) return;
    isRehearsed = true;
    rehearseEnd(work);
  };
  return {
    started(clock, first) {
      successor = first;
      timer = setInterval(() => {
        publishMemory(held, work);
        lookForSuccessor();
      }, publishMs).unref();
      rehearsal = setTimeout(lookForSuccessor, firstMomentsMs).unref();
      if (maxLoad === null) return;
      const { startThrottle } = processTree();
      throttle = startThrottle({ directory, held, clock, work: work.work, known: work.known, maxLoad, say });
    },
    successor: () => successor,
    throttledMs: () => throttle?.throttledMs() ?? null,
    isFrozen: () => throttle?.isFrozen() ?? false,
    stop() {
      clearInterval(timer);
      clearTimeout(rehearsal);
      throttle?.stop();
    },
  };
}
