import { entryName } from '../queue/entry-name.ts';
import { endLease, removeLease } from '../queue/hold.ts';
import type { SeenLease } from '../queue/line.ts';
import { isScriptPlace } from '../queue/ticket.ts';
import { nameProcesses } from './process-names.ts';
import { removeRunCgroups } from './process-tree/cgroup.ts';
import { endWork } from './process-tree/end.ts';
import { pause } from './process-tree/pause.ts';
import { runCgroups, type Work } from './process-tree/work.ts';

/** For whom a lease is reclaimed. */
export interface Reclaimer {
  readonly directory: string;
  /** Milliseconds that the orphaned run gets to end by itself once it is asked to. */
  readonly graceMs: number;
  /** Ends that time at once. */
  readonly hurry?: AbortSignal;
  /** Prints one line on standard error. */
  readonly say: (line: string) => void;
}

function describe({ id, lease }: SeenLease): string {
  const name = lease === null ? '' : ` (${entryName(lease)})`;
  return `the run ${id}${name}`;
}

/**
 * A supervisor that was killed while it started its run has left a process behind that becomes the run a moment later, and only
 * then bears its mark. Milliseconds after which that has happened.
 */
const birthMs = 300;

/**
 * Ends an abandoned lease: its holder is gone (kill -9, a crash), and the tests that it had started may still run. They would
 * run beside the next ones, so they are ended first, and that is said.
 */
export async function reclaimLease(reclaimer: Reclaimer, seen: SeenLease): Promise<void> {
  const { directory, graceMs, hurry, say } = reclaimer;
  const { id, lease } = seen;
  if (lease !== null && lease.leader === null && !isScriptPlace(lease)) await pause(birthMs);
  const work: Work = { cookie: id, leader: lease?.leader ?? null, cgroups: lease?.cgroups ?? [] };
  const report = await endWork(work, { graceMs, ...(hurry === undefined ? {} : { hurry }) });
  if (report.ended.length > 0) {
    const how = report.forced ? ', by force' : '';
    say(
      `test-governor: ${describe(seen)} had lost its supervisor; what was left of it was ended${how}: ${nameProcesses(report.ended)}`,
    );
  }
  if (report.remaining.length > 0) {
    const left = report.remaining.map(({ process }) => process);
    say(`test-governor: ${describe(seen)} left processes that cannot be ended: ${nameProcesses(left)}`);
  }
  await removeRunCgroups(runCgroups(work));
  if (lease === null) removeLease(directory, id);
  else endLease(directory, lease);
}
