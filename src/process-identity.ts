import { openProcessTable, type ProcessTable, type Sighting } from './process-table.ts';

/**
 * Names one process for as long as the machine's memory of it matters. A pid alone does not: it is used again.
 * Comparable on one machine only; a state directory shared by several machines cannot use it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** The system's start time, opaque. */
  readonly startTime: string;
  /** The boot in which it started; null when the system does not say. */
  readonly bootId: string | null;
  /** The pid namespace (container) in which `pid` is meant; null when the system has none. */
  readonly namespace: string | null;
}

/** Whether a process still runs; `unknown` when we are not allowed to see it or it lives in another container. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** How many generations `lineage` follows: far more than any real chain, an end to a corrupt one. */
const maxGenerations = 1024;

function isPid(pid: number): boolean {
  return Number.isSafeInteger(pid) && pid > 0;
}

/** The identity of a running process; null when there is none, it is a zombie, or it cannot be seen. */
export function identify(pid: number, table: ProcessTable = openProcessTable()): ProcessIdentity | null {
  const sighting = isPid(pid) ? table.sight(pid) : null;
  return sighting?.kind === 'running'
    ? { pid, startTime: sighting.startTime, bootId: table.bootId, namespace: table.namespace }
    : null;
}

/** What is seen of the process that `identity` names, in one look: `gone` when another process has its pid. */
export function sightOf(identity: ProcessIdentity, table: ProcessTable = openProcessTable()): Sighting {
  if (!isPid(identity.pid)) return { kind: 'gone' };
  if (identity.bootId !== null && table.bootId !== null && identity.bootId !== table.bootId) {
    return { kind: 'gone' };
  }
  if (identity.namespace !== table.namespace) return { kind: 'hidden' };
  const sighting = table.sight(identity.pid);
  const isAnother = sighting.kind === 'running' && sighting.startTime !== identity.startTime;
  return isAnother ? { kind: 'gone' } : sighting;
}

/** Whether the process that `identity` names still runs. A zombie is dead; what cannot be seen is `unknown`. */
export function liveness(identity: ProcessIdentity, table: ProcessTable = openProcessTable()): Liveness {
  const sighting = sightOf(identity, table);
  switch (sighting.kind) {
    case 'running':
      return 'alive';
    case 'gone':
      return 'dead';
    case 'hidden':
      return 'unknown';
    default:
      return sighting satisfies never;
  }
}

/** True unless the process is surely gone: what cannot be read counts as alive, so that nothing is taken from it. */
export function isAlive(identity: ProcessIdentity, table: ProcessTable = openProcessTable()): boolean {
  return liveness(identity, table) !== 'dead';
}

/** True when both name the same process. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return (
    a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId && a.namespace === b.namespace
  );
}

/**
 * The process itself, then its parent, its parent's parent … up to pid 1 or to the first that cannot be seen.
 * Empty when the process itself cannot be seen.
 */
export function lineage(pid: number, table: ProcessTable = openProcessTable()): readonly ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  const seen = new Set<number>();
  let current = pid;
  while (isPid(current) && !seen.has(current) && found.length < maxGenerations) {
    seen.add(current);
    const sighting = table.sight(current);
    if (sighting.kind !== 'running') {
      break;
    }
    found.push({
      pid: current,
      startTime: sighting.startTime,
      bootId: table.bootId,
      namespace: table.namespace,
    });
    current = sighting.parent;
  }
  return found;
}

/** The parent of a process, its parent … up to pid 1, nearest first, without the process itself. */
export function ancestors(pid: number, table: ProcessTable = openProcessTable()): readonly ProcessIdentity[] {
  return lineage(pid, table).slice(1);
}

/** When the process that now has this pid started, milliseconds since the epoch; null when it cannot be known. */
export function startedAt(pid: number, table: ProcessTable = openProcessTable()): number | null {
  const sighting = isPid(pid) ? table.sight(pid) : null;
  return sighting?.kind === 'running' ? sighting.startedAt : null;
}

/** Reads an identity from parsed JSON; null when it is not one. */
export function parseIdentity(value: unknown): ProcessIdentity | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const { pid, startTime, bootId, namespace }: Partial<Record<keyof ProcessIdentity, unknown>> = value;
  const isTextOrNull = (field: unknown): field is string | null =>
    field === null || typeof field === 'string';
  return typeof pid === 'number' &&
    isPid(pid) &&
    typeof startTime === 'string' &&
    isTextOrNull(bootId) &&
    isTextOrNull(namespace)
    ? { pid, startTime, bootId, namespace }
    : null;
}

/** The same from JSON; null when it is none. */
export function readIdentity(text: string): ProcessIdentity | null {
  try {
    return parseIdentity(JSON.parse(text));
  } catch {
    return null;
  }
}
