import { isSameProcess, type ProcessIdentity } from '../process-identity.ts';
import { endLease } from './hold.ts';
import { readLease } from './line.ts';
import { hasEntry, listPlace } from './places.ts';
import { isScriptPlace, type Lease } from './ticket.ts';

/** What became of a lease that somebody wanted to give back. */
export type Release =
  | 'released'
  /** A governed run holds it, which would go on beside the next one. */
  | 'held-by-a-run'
  /** The file system refuses. */
  | 'not-removable';

/** Gives back the lease of a script, and lets the next in line start. */
export function releaseLease(directory: string, lease: Lease): Release {
  if (!isScriptPlace(lease)) return 'held-by-a-run';
  endLease(directory, lease);
  return hasEntry(directory, 'leases', lease.id) ? 'not-removable' : 'released';
}

/** The leases that a process has acquired, latest first. */
export function leasesOf(directory: string, holder: ProcessIdentity): readonly Lease[] {
  return listPlace(directory, 'leases')
    .map((id) => readLease(directory, id))
    .filter((lease) => lease !== null)
    .filter((lease) => isScriptPlace(lease) && isSameProcess(lease.holder, holder))
    .reverse();
}
