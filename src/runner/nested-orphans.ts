import { openProcessTable } from '../process-table.ts';
import type { Interrupt } from '../queue/interrupt.ts';
import { seeLeases } from '../queue/line.ts';
import { createPatience } from '../queue/standing.ts';
import { type Reclaimer, reclaimLease } from './reclaim.ts';

/**
 * Ends what nested runs left behind whose supervisors are gone, before another nested one starts. Nobody waits for such a run, so nobody
 * else would do so while the script goes on that holds the place around them.
 */
export async function endNestedOrphans(
  reclaimer: Omit<Reclaimer, 'hurry'>,
  interrupt: Interrupt,
): Promise<void> {
  const { directory } = reclaimer;
  const observer = { directory, table: openProcessTable(), patience: createPatience() };
  const orphans = seeLeases(observer).filter(
    ({ kind, lease }) => kind === 'abandoned' && lease?.uncounted === 'nested',
  );
  if (orphans.length === 0) return;
  const hurry = new AbortController();
  interrupt.whenSent(() => hurry.abort());
  await Promise.all(orphans.map((orphan) => reclaimLease({ ...reclaimer, hurry: hurry.signal }, orphan)));
}
