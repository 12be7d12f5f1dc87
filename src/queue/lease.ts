import { isSameProcess, liveness, type ProcessIdentity } from '../process-identity.ts';
import { readLease } from './line.ts';
import { listPlace, queueDirectory } from './places.ts';
import type { Lease } from './ticket.ts';

/**
 * The live lease whose holder is among `lineage` (a process and its ancestors): the governed run that a process
 * belongs to. An environment variable that claims one is no proof, so none is read.
 * @param stateDirectories the places of the queues to look into: the repository's and the machine's.
 */
export function leaseAbove(
  stateDirectories: readonly string[],
  lineage: readonly ProcessIdentity[],
): Lease | null {
  for (const directory of stateDirectories.map(queueDirectory)) {
    for (const id of listPlace(directory, 'leases')) {
      const lease = readLease(directory, id);
      const isAbove =
        lease !== null &&
        lineage.some((process) => isSameProcess(process, lease.holder)) &&
        liveness(lease.holder) === 'alive';
      if (isAbove) return lease;
    }
  }
  return null;
}
