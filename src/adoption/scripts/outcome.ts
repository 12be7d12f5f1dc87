import type { PackageManager, Runner } from '../../policy/verdict.ts';
import type { Edit } from '../edit.ts';
import type { LocatedRun } from './locate.ts';

/** What migrating does to one run. */
export type Rewrite =
  | { readonly kind: 'edit'; readonly edits: readonly Edit[]; readonly notes: readonly string[] }
  | Left;

/** It has to be left: why, and what to do by hand. Both are parts of sentences. */
export interface Left {
  readonly kind: 'leave';
  readonly reason: string;
  readonly byHand: string;
}

/** Where a script lies, as far as its rewrite depends on it. */
export interface RewriteContext {
  readonly packageManager: PackageManager;
  readonly isRootPackage: boolean;
  readonly envPrefix: string;
  /** The tasks that turbo.json defines for the root package itself (`//#test`). */
  readonly rootTasks: ReadonlySet<string>;
}

/** The outcome of a run that cannot be edited. */
export function leave(reason: string, byHand: string): Left {
  return { kind: 'leave', reason, byHand };
}

/** True when a text can stand inside the quotes around the run. */
export function fitsInQuotes(text: string, run: LocatedRun): boolean {
  return run.quotes.length === 0 || !/["'$`\\]/.test(text);
}

/** What to type instead of a run that watches. */
export function watchByHand(runner: Runner | null, envPrefix: string): string {
  const watching = runner === 'vitest' ? 'vitest' : 'jest';
  return `for a watching run in a terminal of your own: ${envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 test-governor run watch-exclusive -- ${watching}`;
}
