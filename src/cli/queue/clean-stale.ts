import type { CommandModule } from 'yargs';
import { systemReason } from '../../error-code.ts';
import { exitStatus } from '../../exit-status.ts';
import { type Cleaned, cleanStale } from '../../queue/clean.ts';
import { reclaimLease } from '../../runner/reclaim.ts';
import { standardError } from '../../runner/standard-error.ts';
import { fail, print } from '../output.ts';
import { type OpenQueue, openContext, openUsable } from './context.ts';

function report({ tickets, leases, notRemovable }: Cleaned): void {
  const cleared = [
    ...leases.map((id) => `cleared away the lease ${id}`),
    ...tickets.map((id) => `cleared away the ticket ${id}`),
  ];
  if (cleared.length > 0) print(...cleared);
  else if (notRemovable.length === 0) print('Nothing is stale.');
  if (notRemovable.length === 0) return;
  fail(
    exitStatus.waitTimedOut,
    `${notRemovable.join(', ')} cannot be removed; is the queue read-only? What belongs to nobody counts for nothing all the same`,
  );
}

async function cleanAll(queues: readonly OpenQueue[], graceMs: number): Promise<Cleaned> {
  const cleaned = await Promise.all(
    queues.map(({ directory }) =>
      cleanStale(directory, {
        reclaim: (lease) => reclaimLease({ directory, graceMs, say: standardError.say }, lease),
      }),
    ),
  );
  return {
    tickets: cleaned.flatMap(({ tickets }) => tickets),
    leases: cleaned.flatMap(({ leases }) => leases),
    notRemovable: cleaned.flatMap(({ notRemovable }) => notRemovable),
  };
}

async function run(): Promise<void> {
  const context = openContext();
  const queues = context === null ? null : openUsable(context);
  if (context === null || queues === null) return;
  try {
    report(await cleanAll(queues, context.settings.killGraceSeconds * 1000));
  } catch (error) {
    fail(exitStatus.waitTimedOut, `the queue cannot be cleaned: ${systemReason(error, 'a queue file')}`);
  }
}

/** `test-governor queue clean-stale`: clears away what belongs to processes that are gone. */
export const cleanStaleCommand: CommandModule<object, object> = {
  command: 'clean-stale',
  describe: 'Clear away tickets and leases of processes that are gone, and end what such runs left behind',
  builder: (parser) =>
    parser.epilogue(
      'Every run does this for whatever stands before it; it is never needed for the queue to move. What lives, is stopped or cannot be seen is left alone.',
    ),
  handler: run,
};
