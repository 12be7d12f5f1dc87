import { closeSync, constants, openSync, readSync } from 'node:fs';

/**
 * Random hex digits from the system's own source, two for each byte: loading node's crypto takes longer than all that the
 * callers do. Null where there is no such device (a bare chroot).
 */
export function randomHex(byteCount: number): string | null {
  const bytes = Buffer.alloc(byteCount);
  try {
    const descriptor = openSync('/dev/urandom', constants.O_RDONLY);
    try {
      return readSync(descriptor, bytes) === bytes.length ? bytes.toString('hex') : null;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The callers do without: a decision is not stored, a ticket not drawn, and each says so.
    return null;
  }
}
