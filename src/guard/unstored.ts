import { identify, type ProcessIdentity } from '../process-identity.ts';

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells identities apart, protects nothing. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}

function tokenOf({ pid, startTime, bootId }: ProcessIdentity): string {
  const text = `${pid} ${startTime} ${bootId}`;
  return [0x811c9dc5, 0x01234567, 0x89abcdef, 0x5bd1e995].map((seed) => hash(text, seed)).join('');
}

/**
 * A token for a warning that could not be stored (a read-only home): it names the process that was warned about, or
 * the shell that read the text, so that the layers below do not say it all again. Anybody can compute it, so it
 * keeps quiet and allows nothing. Null when the process cannot be seen.
 */
export function unstoredToken(subjectPid: number): string | null {
  const subject = identify(subjectPid);
  return subject === null ? null : tokenOf(subject);
}

/** True when `token` is the unstored token of a process in `lineage`. */
export function isSaidAbove(token: string | undefined, lineage: readonly ProcessIdentity[]): boolean {
  return token !== undefined && lineage.some((process) => tokenOf(process) === token);
}
