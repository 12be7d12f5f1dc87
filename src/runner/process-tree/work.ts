import { basename, isAbsolute } from 'node:path';
import { isAlphanumericAt, isHex } from '../../characters.ts';
import type { ProcessIdentity } from '../../process-identity.ts';

/** A governed run, as far as its processes must be known to whoever watches or ends it. Plain data: a lease holds it. */
export interface Work {
  /** The lease id, which every process of the run has in its environment: `<PREFIX>_GOVERNED_LEASE=<cookie>`. */
  readonly cookie: string;
  /** The test runner's own process, from which all others come; null when it is not known. */
  readonly leader: ProcessIdentity | null;
  /** Directories of control groups that were made for this run alone (`openRunCgroups`); may be empty. */
  readonly cgroups: readonly string[];
}

/** One process of a run, as it was last seen. */
export interface RunProcess {
  readonly identity: ProcessIdentity;
  /** The program's name as the kernel has it. User text: escape it before it is printed. */
  readonly name: string;
  /** The pid of its parent when it was seen. */
  readonly parent: number;
}

/**
 * True when a cookie is long and random enough to be searched for in other processes' environments. An empty or short
 * one would match what is not ours (Jenkins, hudson.util.ProcessTree: an empty set of cookies must never match).
 */
export function isUsableCookie(cookie: string): boolean {
  if (cookie.length > 128) return false;
  let digits = 0;
  let most = 0;
  for (let at = 0; at < cookie.length; at++) {
    if (!isAlphanumericAt(cookie, at, '_-')) return false;
    digits = isHex(cookie[at] ?? '') ? digits + 1 : 0;
    most = Math.max(most, digits);
  }
  return most >= 16;
}

/** The name of a control group that is made for one run. */
export function cgroupName(cookie: string): string {
  return `test-governor-${cookie}`;
}

/**
 * The run's control groups that bear its name. A work may come from a file; a directory in it that was not made for
 * this run is never listed, killed or removed.
 */
export function runCgroups({ cookie, cgroups }: Work): readonly string[] {
  return isUsableCookie(cookie)
    ? cgroups.filter((directory) => isAbsolute(directory) && basename(directory) === cgroupName(cookie))
    : [];
}
