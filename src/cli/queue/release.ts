import type { Argv, CommandModule } from 'yargs';
import { exitStatus } from '../../exit-status.ts';
import { leasesOf, releaseLease } from '../../queue/release.ts';
import type { Lease } from '../../queue/ticket.ts';
import { wakeFirstAgain } from '../../queue/wake.ts';
import { fail, ownCommand } from '../output.ts';
import { type OpenQueue, openContext, openUsable, readHolder } from './context.ts';
import { findOne } from './find-one.ts';

interface Options {
  readonly id: string | undefined;
  readonly mine: boolean;
  readonly pid: string | undefined;
}

async function release(directory: string, lease: Lease): Promise<void> {
  const outcome = releaseLease(directory, lease);
  switch (outcome) {
    case 'released':
      await wakeFirstAgain(directory);
      return;
    case 'held-by-a-run':
      fail(
        exitStatus.usage,
        `${lease.id} belongs to a governed run, which gives it back itself; to end the run: ${ownCommand(`queue cancel --force ${lease.id}`)}`,
      );
      return;
    case 'not-removable':
      fail(
        exitStatus.waitTimedOut,
        `${lease.id} cannot be removed from ${directory}; is it read-only? It counts for nothing once its process has ended`,
      );
      return;
    default:
      outcome satisfies never;
  }
}

async function releaseMine(queues: readonly OpenQueue[], pid: string | undefined): Promise<void> {
  const holder = readHolder(pid);
  if (holder === null) return;
  for (const { directory } of queues) {
    for (const lease of leasesOf(directory, holder)) await release(directory, lease);
  }
}

async function run({ id, mine, pid }: Options): Promise<void> {
  if (mine === (id !== undefined)) {
    fail(
      exitStatus.usage,
      `say which place to give back: ${ownCommand('queue release <id>')}, or all of your own: --mine`,
    );
    return;
  }
  if (id !== undefined && pid !== undefined) {
    fail(exitStatus.usage, `--pid says whose places to give back and goes with --mine; ${id} needs no more`);
    return;
  }
  const context = openContext();
  const queues = context === null ? null : openUsable(context);
  if (queues === null) return;
  if (id === undefined) {
    await releaseMine(queues, pid);
    return;
  }
  const found = findOne(queues, id);
  switch (found?.kind) {
    case undefined:
      return;
    case 'lease':
      await release(found.directory, found.lease);
      return;
    case 'ticket':
      fail(
        exitStatus.usage,
        `${id} still waits; to take it out of the line: ${ownCommand(`queue cancel ${id}`)}`,
      );
      return;
    default:
      found satisfies never;
  }
}

/** `test-governor queue release`: gives a script's place back. */
export const releaseCommand: CommandModule<object, Options> = {
  command: 'release [id]',
  describe: 'Give back a place that was acquired',
  builder: (parser: Argv<object>) =>
    parser
      .positional('id', { type: 'string', describe: 'the id that acquire printed, or its number' })
      .option('mine', {
        type: 'boolean',
        default: false,
        describe: 'every place that the calling script holds; none is no error',
      })
      .option('pid', {
        type: 'string',
        requiresArg: true,
        describe: 'with --mine: the process that holds them; your caller when left out',
      })
      .example("trap '$0 queue release --mine --pid $$' EXIT", 'however the script ends')
      .example('$0 queue release 42-0123456789abcdef', 'one place by its id'),
  handler: run,
};
