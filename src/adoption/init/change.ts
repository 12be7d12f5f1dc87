import { applyEdits, type Edit } from '../edit.ts';

/** The things that `init` sets up. The names stand in undo records, so they never change. */
export type Part =
  | 'config'
  | 'governed-script'
  | 'ignore-entry'
  | 'rc-lines'
  | 'docs-section'
  | 'testing-policy';

/** One insertion into one file. */
export interface Change {
  readonly part: Part;
  /** Absolute, and as people are shown it. */
  readonly path: string;
  readonly shown: string;
  /** What the file holds; null when it is not there. */
  readonly before: string | null;
  readonly edit: Edit;
}

/** What planning one part came to. */
export type Planned =
  | { readonly kind: 'change'; readonly change: Change }
  /** It is as it should be; one sentence says so. */
  | { readonly kind: 'there'; readonly sentence: string }
  /** Somebody made it otherwise, and it stays so; one sentence says what. */
  | { readonly kind: 'left'; readonly sentence: string }
  /** It cannot be set up; one sentence says why, and what helps. */
  | { readonly kind: 'problem'; readonly sentence: string };

/** The file's text after the change. */
export function afterOf({ before, edit }: Change): string {
  return applyEdits(before ?? '', [edit]);
}

/** A change that makes a file. */
export function newFile(part: Part, path: string, shown: string, text: string): Planned {
  return { kind: 'change', change: { part, path, shown, before: null, edit: { start: 0, end: 0, text } } };
}

/** A change that inserts a text into a file that is there. */
export function insertion(
  part: Part,
  file: { readonly path: string; readonly shown: string; readonly before: string },
  at: number,
  text: string,
): Planned {
  return { kind: 'change', change: { part, ...file, edit: { start: at, end: at, text } } };
}
