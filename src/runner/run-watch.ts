import type { HeldLease } from '../queue/hold.ts';
import { rehearseWake } from '../queue/wake.ts';
import { firstMomentsMs } from './first-moments.ts';
import { processTree } from './process-tree.ts';
import type { RunClock } from './run-clock.ts';
import type { Throttle } from './throttle/throttle.ts';
import type { WorkKeeper } from './work-keeper.ts';

/** What happens beside a run while it runs, for the sake of the others. */
export interface RunWatch {
  /** The runner runs. */
  started(clock: RunClock): void;
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
 * Goes over what the end of a run begins with, as soon as somebody waits for it, and changes nothing.
 * @returns whether it needs no other time.
 */
function rehearseEnd(directory: string, work: WorkKeeper): boolean {
  try {
    if (!rehearseWake(directory)) return false;
    work.hasLeftovers();
  } catch {
    // Processes cannot be listed at the moment: the end itself will say so.
  }
  return true;
}

/** A watch that begins when the runner has been started. */
export function createRunWatch({ directory, held, work, maxLoad, say }: WatchedRun): RunWatch {
  let throttle: Throttle | null = null;
  let timer: NodeJS.Timeout | undefined;
  let rehearsal: NodeJS.Timeout | undefined;
  let isRehearsed = false;
  const rehearse = () => {
    if (!isRehearsed) isRehearsed = rehearseEnd(directory, work);
  };
  return {
    started(clock) {
      timer = setInterval(() => {
        publishMemory(held, work);
        rehearse();
      }, publishMs).unref();
      rehearsal = setTimeout(rehearse, firstMomentsMs).unref();
      if (maxLoad === null) return;
      const { startThrottle } = processTree();
      throttle = startThrottle({ directory, held, clock, work: work.work, known: work.known, maxLoad, say });
    },
    throttledMs: () => throttle?.throttledMs() ?? null,
    isFrozen: () => throttle?.isFrozen() ?? false,
    stop() {
      clearInterval(timer);
      clearTimeout(rehearsal);
      throttle?.stop();
    },
  };
}
