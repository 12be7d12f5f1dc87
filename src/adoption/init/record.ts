import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, systemReason } from '../../error-code.ts';
import { afterOf, type Change, type Part } from './change.ts';

/** One change as it is remembered, so that it can be taken back exactly. */
export interface RecordedEdit {
  readonly part: Part;
  readonly path: string;
  readonly shown: string;
  /** Init made the file. */
  readonly created: boolean;
  /** Where `inserted` stands in the place of `removed`. */
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
  /** Of the whole text, without and with the change. */
  readonly beforeHash: string;
  readonly afterHash: string;
}

/** What `init` has done in one place. */
export interface UndoRecord {
  readonly edits: readonly RecordedEdit[];
  /** Directories that init made, outermost first. */
  readonly directories: readonly string[];
}

/** The record of a place; `broken` when there is one that cannot be understood. */
export type ReadRecord =
  | { readonly kind: 'read'; readonly record: UndoRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly path: string };

/** What a text is compared by. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A change as it is remembered. */
export function recorded(change: Change): RecordedEdit {
  const { part, path, shown, before, edit } = change;
  const text = before ?? '';
  return {
    part,
    path,
    shown,
    created: before === null,
    start: edit.start,
    removed: text.slice(edit.start, edit.end),
    inserted: edit.text,
    beforeHash: hashOf(text),
    afterHash: hashOf(afterOf(change)),
  };
}

/** The record with more edits. What was inserted anew where it had been taken out by hand is remembered once. */
export function withEdits(record: UndoRecord, edits: readonly RecordedEdit[]): UndoRecord {
  const isReplaced = (old: RecordedEdit) =>
    edits.some((edit) => edit.path === old.path && edit.part === old.part && edit.removed === '');
  return { ...record, edits: [...record.edits.filter((old) => !isReplaced(old)), ...edits] };
}

/** Worktrees share one state directory, and outside of git all places do: each has a record of its own. */
function recordPath(state: string, top: string): string {
  return join(state, `init-${hashOf(top).slice(0, 16)}.json`);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

const parts: readonly string[] = [
  'config',
  'governed-script',
  'ignore-entry',
  'rc-lines',
  'docs-section',
  'testing-policy',
] satisfies readonly Part[];

function isEdit(value: unknown): value is RecordedEdit {
  if (typeof value !== 'object' || value === null) return false;
  const edit: Partial<Record<keyof RecordedEdit, unknown>> = value;
  const { part, path, shown, removed, inserted, beforeHash, afterHash } = edit;
  return (
    isTexts([part, path, shown, removed, inserted, beforeHash, afterHash]) &&
    parts.includes(String(part)) &&
    typeof edit.created === 'boolean' &&
    Number.isSafeInteger(edit.start)
  );
}

/** Reads the record of a place. Never throws. */
export function readRecord(state: string, top: string): ReadRecord {
  const path = recordPath(state, top);
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return { kind: 'broken', path };
    const { edits, directories }: { edits?: unknown; directories?: unknown } = value;
    return Array.isArray(edits) && edits.every(isEdit) && isTexts(directories)
      ? { kind: 'read', record: { edits, directories } }
      : { kind: 'broken', path };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { kind: 'absent' } : { kind: 'broken', path };
  }
}

/** Writes the record of a place whole; one without anything in it is removed. @returns why it could not be, null when it was. */
export function writeRecord(state: string, top: string, record: UndoRecord): string | null {
  const path = recordPath(state, top);
  const temporary = `${path}.${process.pid}`;
  try {
    if (record.edits.length + record.directories.length === 0) {
      rmSync(path, { force: true });
      return null;
    }
    writeFileSync(temporary, `${JSON.stringify({ top, ...record }, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
    return null;
  } catch (error) {
    return systemReason(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
