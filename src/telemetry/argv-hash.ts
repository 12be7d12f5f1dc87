import { sha256 } from '@noble/hashes/sha2.js';
import type { SignatureParts } from './signature.ts';

/** How many hex digits of the SHA-256 are kept: enough to tell commands apart, too few for anything else. */
const hashLength = 16;

/**
 * A truncated SHA-256 over runner and arguments (not over the path of the runner): the same command has the same hash
 * in every checkout. Null when the arguments are not known.
 */
export function argvHash({ runner, argv }: SignatureParts): string | null {
  if (argv.length === 0) {
    return null;
  }
  // An argument cannot hold a NUL byte, so the joined text stands for one argument vector only.
  // node:crypto would take a tenth of the time in which an empty node program starts and ends.
  const hash = sha256([runner, ...argv.slice(1)].join('\0'));
  return Buffer.from(hash).toString('hex').slice(0, hashLength);
}
