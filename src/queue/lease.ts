import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, liveness, type ProcessIdentity, parseIdentity } from '../process-identity.ts';
import { readText } from '../repository.ts';

/** A governed run's hold on the queue, as far as readers need it. */
export interface Lease {
  readonly id: string;
  /** The process that holds it: the governed runner, under which all of the run's processes live. */
  readonly holder: ProcessIdentity;
}

/** Where the leases of a state directory lie, one JSON file each. */
export function leaseDirectory(stateDirectory: string): string {
  return join(stateDirectory, 'queue', 'leases');
}

function parseLease(text: string): Lease | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { id, holder }: Partial<Record<keyof Lease, unknown>> = parsed;
  const identity = parseIdentity(holder);
  return typeof id === 'string' && identity !== null ? { id, holder: identity } : null;
}

/** The leases of a state directory that can be read; files that cannot be are passed over. */
export function readLeases(stateDirectory: string): readonly Lease[] {
  const directory = leaseDirectory(stateDirectory);
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => parseLease(readText(join(directory, name)) ?? ''))
    .filter((lease) => lease !== null);
}

/**
 * The live lease whose holder is among `lineage` (a process and its ancestors): the governed run that a process
 * belongs to. An environment variable that claims one is no proof, so none is read.
 */
export function leaseAbove(stateDirectory: string, lineage: readonly ProcessIdentity[]): Lease | null {
  return (
    readLeases(stateDirectory).find(
      (lease) =>
        lineage.some((process) => isSameProcess(process, lease.holder)) && liveness(lease.holder) === 'alive',
    ) ?? null
  );
}
