/** A place in a file as editors show it: both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of a character in a text, by its index. A column counts UTF-16 units, as editors do. */
export function placeOf(text: string, index: number): TextPlace {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: index - lineStart + 1 };
}
