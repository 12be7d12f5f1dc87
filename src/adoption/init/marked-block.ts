/** The lines between which everything is ours. */
export interface Marks {
  /** How the first line begins, and the whole last line. */
  readonly begin: string;
  readonly end: string;
}

/** Marks for shell files. */
export const shellMarks: Marks = { begin: '# >>> test-governor >>>', end: '# <<< test-governor <<<' };

/** Marks for Markdown, where they are not shown. */
export const markdownMarks: Marks = {
  begin: '<!-- test-governor:begin',
  end: '<!-- test-governor:end -->',
};

/** A marked block in a text. */
export type FoundBlock =
  | { readonly kind: 'absent' }
  /** From the first character of the first mark to the end of the last mark's line, its line end included. */
  | { readonly kind: 'found'; readonly start: number; readonly end: number; readonly text: string }
  /** One of the two marks is gone. */
  | { readonly kind: 'torn' };

/** Where a line begins that starts with `words`, at or after `from`; -1 when there is none. */
function lineWith(text: string, words: string, from: number): number {
  for (let at = text.indexOf(words, from); at !== -1; at = text.indexOf(words, at + 1)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\uFEFF') return at;
  }
  return -1;
}

/** Finds the first marked block of a text. */
export function findBlock(text: string, marks: Marks): FoundBlock {
  const start = lineWith(text, marks.begin, 0);
  const last = lineWith(text, marks.end, Math.max(start, 0));
  if (start === -1) return last === -1 ? { kind: 'absent' } : { kind: 'torn' };
  if (last === -1) return { kind: 'torn' };
  const newline = text.indexOf('\n', last);
  const end = newline === -1 ? text.length : newline + 1;
  return { kind: 'found', start, end, text: text.slice(start, end) };
}

/** True when a block says what `expected` says, however its lines end. */
export function isSameBlock(block: string, expected: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trimEnd();
  return plain(block) === plain(expected);
}
