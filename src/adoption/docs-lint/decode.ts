import { isUtf8 } from 'node:buffer';

/** A file's bytes as text, so that writing the text back gives the same bytes. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: 'utf8' | 'latin1' }
  /** Has a NUL near its beginning, as git tells binary files (also UTF-16). */
  | { readonly kind: 'binary' };

/** How far git looks for a NUL (buffer_is_binary in xdiff-interface.c). */
const binaryProbe = 8000;

/**
 * Decodes a file. Bytes that are no UTF-8 are read one character each: everything that Markdown and shells give a meaning
 * is ASCII, and nothing is lost on the way back.
 */
export function decode(bytes: Buffer): Decoded {
  if (bytes.subarray(0, binaryProbe).includes(0)) return { kind: 'binary' };
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { kind: 'text', text: bytes.toString(encoding), encoding };
}
