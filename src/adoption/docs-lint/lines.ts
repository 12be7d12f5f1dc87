/** A text with the places of its lines. */
export interface Lines {
  readonly text: string;
  /** The lines without their endings. CR, LF and CRLF end one, as in CommonMark 0.31, section 2.1. */
  readonly lines: readonly string[];
  /** Where each line begins in the text. */
  readonly starts: readonly number[];
}

/** Splits a text into its lines. */
export function splitLines(text: string): Lines {
  const lines: string[] = [];
  const starts: number[] = [];
  let start = 0;
  for (const ending of text.matchAll(/\r\n?|\n/g)) {
    starts.push(start);
    lines.push(text.slice(start, ending.index));
    start = ending.index + ending[0].length;
  }
  starts.push(start);
  lines.push(text.slice(start));
  return { text, lines, starts };
}

/** Where `column` (from 0) of the line with this index (from 0) is in the text; the text's end for a line that is not there. */
export function offsetAt({ starts, text }: Lines, line: number, column: number): number {
  const start = starts[line];
  return start === undefined ? text.length : start + column;
}

/** Line and column of an offset, both from 1. */
export function placeAt(
  { starts }: Lines,
  offset: number,
): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
