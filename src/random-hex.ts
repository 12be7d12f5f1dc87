import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { isHex } from './characters.ts';

/** Two hex digits of a UUID of version 4 (RFC 9562) say that it is one: all others are random. */
const fixedDigits: readonly number[] = [12, 16];

/** The random digits of one that Linux makes (random(4)): read as text, in a tenth of the time that a device takes. */
function digitsOfUuid(): string {
  const digits = readFileSync('/proc/sys/kernel/random/uuid', 'utf8').trim().split('-').join('');
  if (digits.length !== 32 || !isHex(digits)) throw new Error('the kernel gives another kind of UUID');
  return [...digits].filter((_, at) => !fixedDigits.includes(at)).join('');
}

function fromUuids(count: number): string | null {
  try {
    let digits = '';
    while (digits.length < count) digits += digitsOfUuid();
    return digits.slice(0, count);
  } catch {
    // Not Linux, or no /proc.
    return null;
  }
}

function fromDevice(byteCount: number): string | null {
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

/**
 * Random hex digits from the system's own source, two for each byte: loading node's crypto takes longer than all that the
 * callers do, and `Math.random` is the user's, who may have a preload that seeds it. Null where there is no such source (a bare chroot).
 */
export function randomHex(byteCount: number): string | null {
  return fromUuids(2 * byteCount) ?? fromDevice(byteCount);
}
