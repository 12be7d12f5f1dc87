import type { ProcessIdentity } from '../process-identity.ts';
import type { EndReport } from './process-tree/end.ts';
import type { PeakMemory } from './process-tree/memory.ts';
import type { WorkObserver } from './process-tree/observe.ts';
import type { RunProcess, Work } from './process-tree/work.ts';
import { processTree } from './process-tree.ts';

/** The processes of one run, from before its start to after its end. */
export interface WorkKeeper {
  /** The control groups that were made for it; none before it runs. */
  cgroups(): readonly string[];
  /** What is known of the run. */
  work(): Work;
  /** The run's processes at the latest sample. */
  known(): readonly RunProcess[];
  /** The runner runs: from now on its processes are watched. */
  started(leader: ProcessIdentity | null): void;
  /** Lets those of the run's processes go on that were stopped or frozen. */
  letGoOn(): void;
  /** Whether processes are left, now that the runner has ended. Quick: the next run waits for it. */
  hasLeftovers(): boolean;
  /**
   * Ends what there is: asks, and kills after `graceMs`. A call while an earlier one is at work waits for that one, and with
   * a `graceMs` of 0 hurries it. Resolves when nothing is left that could be ended.
   */
  end(graceMs: number): Promise<EndReport>;
  /** The most memory that it had so far; null when it was too short to be seen. */
  peak(): PeakMemory | null;
  /** Ends the watching, and removes the control groups. */
  close(): Promise<void>;
}

/** A process that ends by itself right after the runner is no leftover, in milliseconds. */
const settleMs = 100;

/** Keeps the processes of the run whose lease is `cookie`. */
export function keepWork(cookie: string, options: { readonly usesCgroups: boolean }): WorkKeeper {
  let made: readonly string[] = [];
  let work: Work = { cookie, leader: null, cgroups: made };
  let observer: WorkObserver | null = null;
  let entering: Promise<void> = Promise.resolve();
  let ending: { readonly report: Promise<EndReport>; readonly hurry: AbortController } | null = null;
  return {
    cgroups: () => made,
    work: () => work,
    known: () => observer?.known() ?? [],
    started(leader) {
      // Only now: the user waits for the runner, and it can be put into a group at any time.
      const { enterRunCgroups, observeWork, openRunCgroups } = processTree();
      made = openRunCgroups(cookie, { enabled: options.usesCgroups });
      work = { ...work, leader, cgroups: made };
      entering = enterRunCgroups(work).then((entered) => {
        work = entered;
        observer = observeWork(work);
      });
    },
    letGoOn: () => processTree().thawWork(work, observer?.known() ?? []),
    hasLeftovers() {
      // Before the observer is there, the run's processes may not be in its groups yet: an empty group says nothing.
      return observer === null
        ? processTree().hasLeftovers({ ...work, cgroups: [] })
        : observer.hasLeftovers();
    },
    end(graceMs) {
      if (ending !== null) {
        if (graceMs === 0) ending.hurry.abort();
        return ending.report;
      }
      const hurry = new AbortController();
      const known = observer?.known() ?? [];
      const report = processTree().endWork(work, { graceMs, known, hurry: hurry.signal, settleMs });
      ending = { report, hurry };
      return report.finally(() => {
        ending = null;
      });
    },
    peak: () => observer?.peakMemory() ?? null,
    async close() {
      await entering;
      observer?.stop();
      if (made.length > 0) await processTree().removeRunCgroups(made);
    },
  };
}
