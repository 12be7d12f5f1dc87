import { exitStatus } from '../../exit-status.ts';
import { type Found, findEntries } from '../../queue/cancel.ts';
import { fail, ownCommand } from '../output.ts';
import type { OpenQueue } from './context.ts';

function idOf(found: Found): string {
  return found.kind === 'ticket' ? found.ticket.id : found.lease.id;
}

/** The one entry that a person means by an id or a number; null when there is none or more than one, which was said then. */
export function findOne(queues: readonly OpenQueue[], name: string): Found | null {
  const all = queues.flatMap(({ directory }) => findEntries(directory, name));
  const [first, ...others] = all;
  if (first === undefined) {
    fail(
      1,
      `there is no "${name}" in the queue (any more); "${ownCommand('queue status')}" shows what there is`,
    );
    return null;
  }
  if (others.length > 0) {
    fail(exitStatus.usage, `"${name}" names more than one; give the whole id: ${all.map(idOf).join(', ')}`);
    return null;
  }
  return first;
}
