import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../error-code.ts';
import { describeRefusal } from '../../state-directory.ts';
import { createFile, failureWords, type Replaced, replaceFile } from '../replace-file.ts';
import { afterOf, type Change, type Planned } from './change.ts';
import { planConfig } from './config-part.ts';
import { planDocs } from './docs-part.ts';
import { planIgnoreEntry } from './ignore-part.ts';
import type { InitPlace } from './place.ts';
import { planRcLines } from './rc-part.ts';
import { readRecord, recorded, type UndoRecord, withEdits, writeRecord } from './record.ts';
import { planScript } from './script-part.ts';

/** What `init` is asked for besides config, script and ignore entry. */
export interface InitOptions {
  readonly rc: boolean;
  readonly docs: boolean;
}

/** Everything that `init` would do, and what it would leave, in the order in which it is shown. Writes nothing. */
export function planInit(place: InitPlace, { rc, docs }: InitOptions): readonly Planned[] {
  return [
    planConfig(place),
    planScript(place),
    planIgnoreEntry(place),
    ...(rc ? planRcLines(place) : []),
    ...(docs ? planDocs(place) : []),
  ];
}

/** What came of writing. */
export type WrittenInit =
  | {
      readonly kind: 'written';
      /** The files, as they are shown. */
      readonly files: readonly string[];
      /** One sentence for each file that could not be written. */
      readonly problems: readonly string[];
    }
  /** Nothing was written, because it could not have been taken back. */
  | { readonly kind: 'no-record'; readonly reason: string };

/** The directories that have to be made for a file, outermost first. */
function missingDirectories(path: string): readonly string[] {
  const missing: string[] = [];
  for (let at = dirname(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  return missing;
}

function write(change: Change): Replaced {
  const after = afterOf(change);
  if (change.before !== null) return replaceFile(change.path, change.before, after);
  try {
    mkdirSync(dirname(change.path), { recursive: true });
  } catch (error) {
    return { kind: 'failed', reason: errorCode(error) ?? 'unknown error' };
  }
  return createFile(change.path, after);
}

/**
 * Writes what was planned, each file whole or not at all. How to take it back is on disk before the first file changes, so that
 * also an init that was killed can be taken back.
 */
export function writeInit(place: InitPlace, changes: readonly Change[]): WrittenInit {
  const { state, top, envPrefix } = place;
  if (changes.length === 0) return { kind: 'written', files: [], problems: [] };
  if (state.kind === 'refused') return { kind: 'no-record', reason: describeRefusal(state, envPrefix) };
  const read = readRecord(state.path, top);
  if (read.kind === 'broken') {
    return {
      kind: 'no-record',
      reason: `${read.path}, which holds how to take back an earlier init, cannot be read: move it away`,
    };
  }
  const earlier: UndoRecord = read.kind === 'read' ? read.record : { edits: [], directories: [] };
  const directories = [...new Set(changes.flatMap(({ path }) => missingDirectories(path)))];
  const intended = { ...earlier, directories: [...earlier.directories, ...directories] };
  const refused = writeRecord(state.path, top, withEdits(intended, changes.map(recorded)));
  if (refused !== null) return { kind: 'no-record', reason: refused };

  const written: Change[] = [];
  const problems: string[] = [];
  for (const change of changes) {
    const outcome = write(change);
    if (outcome.kind === 'replaced') written.push(change);
    else problems.push(failureWords(change.shown, outcome));
  }
  if (problems.length > 0) {
    // What was not done needs no taking back. Should this fail, undo finds those files as they were.
    writeRecord(state.path, top, withEdits(intended, written.map(recorded)));
  }
  return { kind: 'written', files: written.map(({ shown }) => shown), problems };
}
