import { isUtf8 } from 'node:buffer';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { errorCode } from '../../error-code.ts';

/** A text file that may be edited, or why it may not. */
export type TextFile =
  /** Its whole text, a byte order mark included. */
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'absent' }
  /** The reason is half a sentence: "is not UTF-8". */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads a text file without changing a byte of it on the way back. Never throws. */
export function readTextFile(path: string): TextFile {
  try {
    const stats = statSync(path);
    // Reading a pipe would wait for somebody who writes.
    if (!stats.isFile() && !stats.isDirectory()) return { kind: 'unusable', reason: 'is a pipe or a device' };
    const bytes = readFileSync(path);
    return isUtf8(bytes)
      ? { kind: 'read', text: bytes.toString('utf8') }
      : { kind: 'unusable', reason: 'is not UTF-8' };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined)
      return { kind: 'absent' };
    if (code === 'ENOENT') return { kind: 'unusable', reason: 'is a link that leads nowhere' };
    if (code === 'EISDIR') return { kind: 'unusable', reason: 'is a directory' };
    return { kind: 'unusable', reason: `cannot be read (${code ?? 'unknown error'})` };
  }
}

/** How lines end in a text; `\n` where it has none. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
