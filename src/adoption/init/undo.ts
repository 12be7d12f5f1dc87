import { readFileSync, rmdirSync, rmSync } from 'node:fs';
import { applyEdits, modify, parseTree } from 'jsonc-parser';
import { errorCode } from '../../error-code.ts';
import { ownName } from '../../own-name.ts';
import { governedScript } from '../../policy/script-launchers.ts';
import { describeRefusal } from '../../state-directory.ts';
import { failureWords, type Replaced, replaceFile } from '../replace-file.ts';
import { markedSections } from './docs-part.ts';
import type { InitPlace } from './place.ts';
import { markedRcLines } from './rc-part.ts';
import { hashOf, type RecordedEdit, readRecord, type UndoRecord, writeRecord } from './record.ts';
import { governedCommand } from './script-part.ts';
import { lineEndOf, readTextFile } from './text-file.ts';

/** One file that undo changes back. */
export interface Reversal {
  readonly path: string;
  readonly shown: string;
  readonly before: string;
  /** Null when the file goes. */
  readonly after: string | null;
  /** What is thereby taken back. */
  readonly edits: readonly RecordedEdit[];
}

/** What `init --undo` would do. */
export interface UndoPlan {
  readonly reversals: readonly Reversal[];
  /** What is left, one sentence each, and the edits that stay on record. */
  readonly left: readonly string[];
  readonly leftEdits: readonly RecordedEdit[];
  readonly directories: readonly string[];
  /** Whether anything was on record. */
  readonly isRecorded: boolean;
}

export type UndoResult =
  | { readonly kind: 'planned'; readonly plan: UndoPlan }
  | { readonly kind: 'no-record'; readonly reason: string };

/** The only place of a text that was inserted as whole lines, or behind a comma; -1 when there is none, or more than one. */
function onlyPlace(text: string, inserted: string): number {
  const places: number[] = [];
  for (let at = text.indexOf(inserted); at !== -1; at = text.indexOf(inserted, at + 1)) {
    const isLine = at === 0 || text[at - 1] === '\n' || /^[\r\n,]/.test(inserted);
    if (isLine) places.push(at);
  }
  const [only, ...more] = places;
  return only === undefined || more.length > 0 ? -1 : only;
}

/** The text of a package.json without the script that init added; null when the script says something else by now. */
function withoutScript(text: string): string | null {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const json = text.slice(mark.length);
  const scripts: unknown = parseTree(json) === undefined ? null : scriptsIn(json);
  if (typeof scripts !== 'object' || scripts === null) return null;
  if (Object.entries(scripts).find(([name]) => name === governedScript)?.[1] !== governedCommand) return null;
  const indentation = /^([ \t]+)"/m.exec(json)?.[1] ?? '  ';
  const isTabbed = indentation.startsWith('\t');
  const formattingOptions = {
    insertSpaces: !isTabbed,
    tabSize: isTabbed ? 1 : indentation.length,
    eol: lineEndOf(json),
  };
  const path = Object.keys(scripts).length === 1 ? ['scripts'] : ['scripts', governedScript];
  return mark + applyEdits(json, modify(json, path, undefined, { formattingOptions }));
}

function scriptsIn(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : null;
  } catch {
    return null;
  }
}

/** The line end that our text began with, where others have written on behind it: without it, two lines of theirs would become one. */
function gapBetween(ahead: string, behind: string, { part, removed, inserted }: RecordedEdit): string {
  const isOfLines = part === 'ignore-entry' || part === 'docs-section' || part === 'rc-lines';
  const isJoined = ahead !== '' && !ahead.endsWith('\n') && behind !== '' && !/^\r?\n/.test(behind);
  return isOfLines && removed === '' && isJoined ? (/^\r?\n/.exec(inserted)?.[0] ?? '') : '';
}

/** The text without one edit: undefined when it cannot be told from what others wrote, null when the file was ours alone. */
function without(text: string, edit: RecordedEdit): string | null | undefined {
  const { start, removed, inserted, created } = edit;
  const hash = hashOf(text);
  if (hash === edit.afterHash) {
    return created ? null : text.slice(0, start) + removed + text.slice(start + inserted.length);
  }
  if (hash === edit.beforeHash && !created) return text;
  const at = onlyPlace(text, inserted);
  if (at !== -1) {
    const [ahead, behind] = [text.slice(0, at), text.slice(at + inserted.length)];
    const rest = ahead + removed + gapBetween(ahead, behind, edit) + behind;
    return created && rest === '' ? null : rest;
  }
  return edit.part === 'governed-script' ? (withoutScript(text) ?? undefined) : undefined;
}

/** @param own how this program is typed here. */
function leftWords(edit: RecordedEdit, text: string, own: string): string {
  switch (edit.part) {
    case 'config':
      // The mode is what `policy` wrote there, and outlives the script that every message names.
      return `${edit.shown} was edited since, and stays${
        /"mode"\s*:\s*"enforce"/.test(text)
          ? `; it still blocks raw runs, until you delete it or type: ${own} policy warn`
          : ''
      }`;
    case 'testing-policy':
      return `${edit.shown} was edited since, and stays`;
    case 'governed-script':
      return `the script ${governedScript} in ${edit.shown} was edited since, and stays`;
    case 'ignore-entry':
      return `our entry in ${edit.shown} was edited since; what is there stays`;
    case 'rc-lines':
    case 'docs-section':
      return `what stood between our marks in ${edit.shown} was edited since; what is there stays`;
    default:
      return edit.part satisfies never;
  }
}

function byPath(edits: readonly RecordedEdit[]): ReadonlyMap<string, readonly RecordedEdit[]> {
  const grouped = new Map<string, RecordedEdit[]>();
  for (const edit of edits) grouped.set(edit.path, [...(grouped.get(edit.path) ?? []), edit]);
  return grouped;
}

function planReversals(record: UndoRecord, isRecorded: boolean, own: string): UndoPlan {
  const reversals: Reversal[] = [];
  const left: string[] = [];
  const leftEdits: RecordedEdit[] = [];
  for (const [path, edits] of byPath(record.edits)) {
    const file = readTextFile(path);
    // Somebody took the whole file away: nothing of ours is left in it.
    if (file.kind === 'absent') continue;
    const shown = edits[0]?.shown ?? path;
    if (file.kind === 'unusable') {
      left.push(`${shown} ${file.reason}, and stays`);
      leftEdits.push(...edits);
      continue;
    }
    let text: string | null = file.text;
    const taken: RecordedEdit[] = [];
    for (const edit of edits.toReversed()) {
      const rest: string | null | undefined = text === null ? null : without(text, edit);
      if (rest === undefined) {
        left.push(leftWords(edit, file.text, own));
        leftEdits.push(edit);
      } else {
        text = rest;
        taken.push(edit);
      }
    }
    if (text !== file.text) reversals.push({ path, shown, before: file.text, after: text, edits: taken });
  }
  return { reversals, left, leftEdits, directories: record.directories, isRecorded };
}

/**
 * What taking back an earlier `init` would change. Writes nothing. What is marked as ours in the repository's documents is found
 * also without a record; rc lines only with `rc`, since another repository's init may have put them there.
 */
export function planUndo(place: InitPlace, { rc }: { readonly rc: boolean }): UndoResult {
  const { state, top, envPrefix, environment } = place;
  if (state.kind === 'refused') return { kind: 'no-record', reason: describeRefusal(state, envPrefix) };
  const read = readRecord(state.path, top);
  if (read.kind === 'broken') return { kind: 'no-record', reason: `${read.path} cannot be read` };
  const record = read.kind === 'read' ? read.record : { edits: [], directories: [] };
  const marked = [...markedSections(place), ...(rc ? markedRcLines(place) : [])].filter(
    ({ path, part }) => !record.edits.some((edit) => edit.path === path && edit.part === part),
  );
  const edits = [...record.edits, ...marked];
  return {
    kind: 'planned',
    plan: planReversals({ ...record, edits }, read.kind === 'read', ownName(environment)),
  };
}

function removeFile({ path, before }: Reversal): Replaced {
  try {
    if (readFileSync(path, 'utf8') !== before) return { kind: 'changed-meanwhile' };
    rmSync(path);
    return { kind: 'replaced' };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return { kind: 'replaced' };
    return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? { kind: 'read-only' }
      : { kind: 'failed', reason: code ?? 'unknown error' };
  }
}

/** Removes directories that init made and that are empty again. @returns those that stay. */
function removeDirectories(directories: readonly string[]): readonly string[] {
  return directories.filter((directory) => {
    try {
      rmdirSync(directory);
      return false;
    } catch (error) {
      return errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTEMPTY';
    }
  });
}

/** What came of taking back. */
export interface Undone {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

/** Takes back what was planned, each file whole or not at all. What is left stays on record. */
export function writeUndo(place: InitPlace, plan: UndoPlan): Undone {
  const files: string[] = [];
  const problems: string[] = [];
  const kept: RecordedEdit[] = [...plan.leftEdits];
  for (const reversal of plan.reversals) {
    const { path, before, after, shown } = reversal;
    const outcome = after === null ? removeFile(reversal) : replaceFile(path, before, after);
    if (outcome.kind === 'replaced') {
      files.push(shown);
    } else {
      problems.push(failureWords(shown, outcome));
      kept.push(...reversal.edits);
    }
  }
  const directories = removeDirectories(plan.directories.toReversed()).toReversed();
  if (place.state.kind === 'ok') {
    const refused = writeRecord(place.state.path, place.top, { edits: kept, directories });
    if (refused !== null) problems.push(`the record of what init did cannot be written: ${refused}`);
  }
  return { files, problems };
}
