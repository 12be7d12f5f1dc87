import type { Runner } from '../policy/verdict.ts';
import type { EventCommon } from './event.ts';

/** How a governed run ended. */
export type RunOutcome =
  /** By itself, with the runner's own status. */
  | 'ended'
  /** Its time was up; status 124. */
  | 'timed-out'
  /** The runner's program could not be started, or the queue not be used; status 127 or 75. */
  | 'not-started'
  /** Cancelled or interrupted while it waited. */
  | 'cancelled'
  /** The wait in the queue or for admission was too long; status 75. */
  | 'wait-timed-out';

/**
 * Where a peak of memory was read, best first; figures of different sources are not comparable. `cgroup-v2` and `cgroup-v1` are the
 * kernel's own peak of the run's group, page cache included; `pss` is the sum of the processes' shares, `rss` of their resident
 * memory, which counts shared pages once for each process.
 */
export type MemorySource = 'cgroup-v2' | 'cgroup-v1' | 'pss' | 'rss';

/** A governed run has ended, or was never started. */
export interface RunEvent extends EventCommon {
  readonly event: 'run';
  readonly outcome: RunOutcome;
  readonly runner: Runner | null;
  /** How long the runner ran, in milliseconds; null when it was not started. */
  readonly run_ms: number | null;
  readonly peak_rss_source: MemorySource | null;
  /** The queue in which it stood; null when it skipped the queue. */
  readonly queue_scope: 'repo' | 'machine' | null;
  /** The last reason for which it had to wait, one sentence; null when it did not. */
  readonly wait_reason: string | null;
  /** How many processes it left behind, which were then ended; null when it was not started. */
  readonly left_behind: number | null;
  /** For how long it was slowed or frozen, in milliseconds; null when that was not watched. */
  readonly throttled_ms: number | null;
}
