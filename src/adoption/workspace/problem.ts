import type { TextPlace } from '../text-place.ts';

/** Something about a file that keeps the audit from judging, or the migration from changing, what is in it. */
export interface Problem extends TextPlace {
  /** The file, from the workspace's root. */
  readonly file: string;
  readonly kind:
    | 'unreadable'
    | 'encoding'
    | 'syntax'
    | 'comment'
    | 'duplicate-key'
    | 'not-an-object'
    | 'not-a-list'
    | 'other-format'
    | 'no-match'
    | 'read-only'
    | 'write-failed'
    | 'changed-meanwhile';
  /** What is wrong, as a sentence without the file's name. */
  readonly problem: string;
}
