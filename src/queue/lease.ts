import { isAbsolute } from 'node:path';
import { monotonicMs, sleepSync } from '../clock.ts';
import { type Environment, readVariable } from '../env.ts';
import { isSameProcess, liveness, type ProcessIdentity, readIdentity } from '../process-identity.ts';
import type { StateDirectory } from '../state-directory.ts';
import { readLease } from './line.ts';
import { listPlace, queueDirectory } from './places.ts';
import { machineStatePath } from './scope.ts';
import { putBackMs } from './standing.ts';
import { isScriptPlace, type Lease } from './ticket.ts';

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

/** The live leases in some queues whose holders are among `lineage`, a process and its ancestors. */
function findLeases(
  queues: Iterable<string>,
  lineage: readonly ProcessIdentity[],
  isMeant: (lease: Lease) => boolean,
): readonly Lease[] {
  const found: Lease[] = [];
  for (const directory of queues) {
    for (const id of listPlace(directory, 'leases')) {
      const lease = readLease(directory, id);
      const isAbove =
        lease !== null &&
        isMeant(lease) &&
        lineage.some((process) => isSameProcess(process, lease.holder)) &&
        liveness(lease.holder) === 'alive';
      if (isAbove) found.push(lease);
    }
  }
  return found;
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
 * Looks again while the lease of the run that a process claims to belong to may be about to come back. An environment variable that
 * claims one is no proof: how long to look is all that it can say.
 *
 * Tests may delete the queue under their own run (`git clean -fdx && jest`), and its holder takes a second to put the lease back.
 * Who did not wait for that would stand in the queue behind itself.
 */
function findPatiently(
  claim: Claim,
  lineage: readonly ProcessIdentity[],
  find: () => readonly Lease[],
): readonly Lease[] {
  const found = find();
  if (found.length > 0 || !isHolderAbove(claim, lineage)) return found;
  for (const deadline = monotonicMs() + putBackMs; monotonicMs() < deadline; ) {
    sleepSync(pollMs);
    const returned = find();
    if (returned.length > 0) return returned;
  }
  return [];
}

/**
 * The governed run that a process belongs to: the live lease whose holder is among its ancestors. A place that a script acquired is
 * none: nobody shapes, supervises or records what the script starts.
 */
export function runAbove(search: LeaseSearch, lineage: readonly ProcessIdentity[]): Lease | null {
  const queues = queuesOf(search);
  const find = () => findLeases(queues, lineage, (lease) => !isScriptPlace(lease));
  return findPatiently(search, lineage, find)[0] ?? null;
}

/** The ids of the places in one queue, acquired by scripts, in which a process lies. */
export function placesAbove(directory: string, lineage: readonly ProcessIdentity[]): readonly string[] {
  return findLeases([directory], lineage, isScriptPlace).map(({ id }) => id);
}

/** The ids of the leases of one queue, runs' and scripts' places, in which a process lies. */
export function leasesAbove(
  directory: string,
  lineage: readonly ProcessIdentity[],
  claim: Claim,
): readonly string[] {
  return findPatiently(claim, lineage, () => findLeases([directory], lineage, () => true)).map(
    ({ id }) => id,
  );
}
