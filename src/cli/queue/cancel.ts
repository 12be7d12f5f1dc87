import type { Argv, CommandModule } from 'yargs';
import { formatDuration } from '../../durations.ts';
import { systemReason } from '../../error-code.ts';
import { exitStatus } from '../../exit-status.ts';
import { ancestorDetails, readDetails } from '../../process-details.ts';
import { findFamily } from '../../queue/caller.ts';
import { cancelLease, cancelTicket, ticketsOf } from '../../queue/cancel.ts';
import { entryName } from '../../queue/entry-name.ts';
import type { Lease, Ticket } from '../../queue/ticket.ts';
import { reclaimLease } from '../../runner/reclaim.ts';
import { standardError } from '../../runner/standard-error.ts';
import { fail, ownCommand, print } from '../output.ts';
import { type OpenQueue, openContext, openUsable } from './context.ts';
import { findOne } from './find-one.ts';

interface Options {
  readonly id: string | undefined;
  readonly mine: boolean;
  readonly force: boolean;
}

/** What a holder may take beyond the grace period of its run, in milliseconds: it kills what ignores SIGTERM, and cleans up. */
const beyondGraceMs = 5000;

function nameOf(ticket: Ticket): string {
  return `${ticket.id} (${entryName(ticket)})`;
}

/** Cancels a ticket, and says what came of it. False when it is in the line no more: nothing was said then. */
function cancelWaiting(directory: string, ticket: Ticket): boolean {
  try {
    if (!cancelTicket(directory, ticket)) return false;
    print(`cancelled ${nameOf(ticket)}; it waited, and ends with 130`);
    return true;
  } catch (error) {
    fail(exitStatus.waitTimedOut, `${ticket.id} cannot be cancelled: ${systemReason(error, 'a queue file')}`);
    return true;
  }
}

async function cancelRunning(directory: string, lease: Lease, graceMs: number): Promise<void> {
  const { pid } = lease.holder;
  const limitMs = graceMs + beyondGraceMs;
  const outcome = await cancelLease(directory, lease, {
    limitMs,
    reclaim: ({ id }) =>
      reclaimLease({ directory, graceMs, say: standardError.say }, { kind: 'abandoned', id, lease }),
  });
  switch (outcome) {
    case 'given-back':
      print(`ended ${nameOf(lease)} (pid ${pid}, SIGTERM); its place is given back`);
      return;
    case 'reclaimed':
      print(`cleared away ${nameOf(lease)}: its process (pid ${pid}) was gone already`);
      return;
    case 'out-of-reach':
      fail(
        1,
        `${lease.id} is held by pid ${pid} of another user or container, which cannot be signalled from here`,
      );
      return;
    case 'still-held':
      fail(
        1,
        `${lease.id} is still held: pid ${pid} was sent SIGTERM and has not ended within ${formatDuration(limitMs)}; kill -9 ${pid} ends it, and the next run cleans up`,
      );
      return;
    default:
      outcome satisfies never;
  }
}

function cancelMine(queues: readonly OpenQueue[]): void {
  const own = readDetails(process.pid)?.terminal ?? null;
  const family = findFamily(own, ancestorDetails(process.pid));
  const cancelled = queues.flatMap(({ directory }) =>
    ticketsOf(directory, family).filter((ticket) => cancelWaiting(directory, ticket)),
  );
  if (cancelled.length === 0) print('nothing of yours waits');
}

async function cancelNamed(
  queues: readonly OpenQueue[],
  id: string,
  force: boolean,
  graceMs: number,
): Promise<void> {
  const found = findOne(queues, id);
  if (found === null) return;
  if (found.kind === 'ticket' && cancelWaiting(found.directory, found.ticket)) return;
  // It was admitted while we looked at it.
  const running = found.kind === 'lease' ? found : findOne(queues, id);
  if (running?.kind !== 'lease') return;
  const { directory, lease } = running;
  if (force) return cancelRunning(directory, lease, graceMs);
  fail(
    exitStatus.usage,
    `${nameOf(lease)} runs already (pid ${lease.holder.pid}); to end it all the same: ${ownCommand(`queue cancel --force ${lease.id}`)}`,
  );
}

async function run({ id, mine, force }: Options): Promise<void> {
  if (mine === (id !== undefined) || (mine && force)) {
    fail(
      exitStatus.usage,
      `say what to cancel: ${ownCommand('queue cancel <id>')}, or all of yours that wait: --mine (what runs is ended one by one, with --force)`,
    );
    return;
  }
  const context = openContext();
  const queues = context === null ? null : openUsable(context);
  if (context === null || queues === null) return;
  if (id === undefined) cancelMine(queues);
  else await cancelNamed(queues, id, force, context.settings.killGraceSeconds * 1000);
}

/** `test-governor queue cancel`: takes a waiting run out of the line, or ends a running one. */
export const cancelCommand: CommandModule<object, Options> = {
  command: 'cancel [id]',
  describe: 'Take a waiting run out of the line; with --force, end a running one',
  builder: (parser: Argv<object>) =>
    parser
      .positional('id', { type: 'string', describe: 'the id of a ticket, or its number as status shows it' })
      .option('mine', {
        type: 'boolean',
        default: false,
        describe:
          'all waiting runs that were started from this terminal, or by the program that started this command',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'also when it runs: SIGTERM to its process, which ends its tests and gives the place back',
      })
      .example('$0 queue cancel 42', 'the one with this number; it ends with status 130')
      .example('$0 queue cancel --mine', 'everything of yours that waits')
      .example('$0 queue cancel --force 41', 'end a run'),
  handler: run,
};
