import type { Form, Runner } from '../../policy/verdict.ts';
import type { Edit } from '../edit.ts';

/** What docs-lint can find wrong. The names are for configuration of other tools (SARIF, CI), so they never change. */
export type Rule =
  /** A command line that starts a test runner outside the governor. */
  | 'raw-test-run'
  /** A silencing comment without a reason silences nothing. */
  | 'allow-without-reason'
  /** A silencing comment that nothing needs. */
  | 'unused-allow'
  /** A comment that is meant for docs-lint, but cannot be read, or stands where it silences nothing. */
  | 'invalid-allow'
  /** A fence that never ends, around text that names a runner. */
  | 'unclosed-fence'
  /** A file that cannot be read. */
  | 'unreadable-file'
  /** A file that `--fix` cannot write. */
  | 'not-written';

/** A place in a text, in UTF-16 code units as editors count; `start` and `end` from 0, lines and columns from 1. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One thing that is wrong in one place of a text. */
export interface TextFinding extends Range {
  readonly rule: Rule;
  /** One sentence, without the place. */
  readonly message: string;
  /** The rest is null when the rule is not about a command. */
  readonly runner: Runner | null;
  readonly form: Form | null;
  /** The offending command as it was written. */
  readonly command: string | null;
  /** What to type instead of `command`. */
  readonly replacement: string | null;
  /** What `--fix` does; null when it leaves this to people. */
  readonly edit: Edit | null;
}

/** A finding in a file. */
export interface Finding extends Omit<TextFinding, 'start' | 'end' | 'edit'> {
  /** As it is to be printed: relative to the working directory where it lies below it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What `--fix` puts between the two places; null when it leaves this to people. */
  readonly fix: string | null;
}

/** A finding that is not about a command. */
export function remark(rule: Rule, range: Range, message: string): TextFinding {
  return {
    rule,
    message,
    start: range.start,
    end: range.end,
    runner: null,
    form: null,
    command: null,
    replacement: null,
    edit: null,
  };
}
