import { isAbsolute } from 'node:path';
import { monotonicMs, sleepSync } from '../clock.ts';
import { type Environment, readVariable } from '../env.ts';
import { isSameProcess, liveness, type ProcessIdentity, readIdentity } from '../process-identity.ts';
import type { StateDirectory } from '../state-directory.ts';
import { readLease } from './line.ts';
import { listPlace, queueDirectory } from './places.ts';
import { machineStatePath } from './scope.ts';
import { putBackMs } from './standing.ts';
import type { Lease } from './ticket.ts';

/** Where the lease of a run may be that a process belongs to. */
export interface LeaseSearch {
  /** The process's own, with what was scrubbed on the way put back. */
  readonly environment: Environment;
  readonly envPrefix: string;
  readonly cwd: string;
  /** The state directory that applies at `cwd`. */
  readonly state: StateDirectory;
}

/**
 * The directories of the queues in which that lease may be: the repository's, the machine's, and the one that the run has named
 * to what is below it, which may have gone to another repository since.
 */
function queuesOf({ environment, envPrefix, cwd, state }: LeaseSearch): ReadonlySet<string> {
  const named = readVariable(environment, envPrefix, 'GOVERNED_QUEUE');
  return new Set([
    ...(state.kind === 'ok' ? [queueDirectory(state.path)] : []),
    queueDirectory(machineStatePath(environment, envPrefix, cwd)),
    ...(named !== undefined && isAbsolute(named) ? [named] : []),
  ]);
}

/** The live lease in some queues whose holder is among `lineage`, a process and its ancestors. */
function findLease(directories: Iterable<string>, lineage: readonly ProcessIdentity[]): Lease | null {
  for (const directory of directories) {
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

/** What a process says of the run that it belongs to. */
type Claim = Pick<LeaseSearch, 'environment' | 'envPrefix'>;

/** True when it names a holder that is among `lineage`. */
function isHolderAbove({ environment, envPrefix }: Claim, lineage: readonly ProcessIdentity[]): boolean {
  const named = readVariable(environment, envPrefix, 'GOVERNED_HOLDER');
  const holder = named === undefined ? null : readIdentity(named);
  return holder !== null && lineage.some((process) => isSameProcess(process, holder));
}

const pollMs = 50;

/**
 * The live lease in some queues whose holder is among `lineage`, a process and its ancestors. An environment variable that claims one
 * is no proof: how long to look is all that it can say.
 *
 * Tests may delete the queue under their own run (`git clean -fdx && jest`), and its holder takes a second to put the lease back.
 * Who did not wait for that would stand in the queue behind itself.
 */
export function leaseIn(
  queues: Iterable<string>,
  lineage: readonly ProcessIdentity[],
  claim: Claim,
): Lease | null {
  const lease = findLease(queues, lineage);
  if (lease !== null || !isHolderAbove(claim, lineage)) return lease;
  for (const deadline = monotonicMs() + putBackMs; monotonicMs() < deadline; ) {
    sleepSync(pollMs);
    const returned = findLease(queues, lineage);
    if (returned !== null) return returned;
  }
  return null;
}

/** The governed run that a process belongs to: the live lease whose holder is among its ancestors. */
export function leaseAbove(search: LeaseSearch, lineage: readonly ProcessIdentity[]): Lease | null {
  return leaseIn(queuesOf(search), lineage, search);
}
