import type { Classifier } from '../../guard/classifier.ts';
import { isOneGroup } from '../../policy/replacement.ts';
import type { Classification, Form, Runner } from '../../policy/verdict.ts';
import type { Edit } from '../edit.ts';
import type { Range } from './finding.ts';
import { hidePlaceholders, showPlaceholders } from './placeholders.ts';

/** A command in a text that starts a test runner outside the governor. */
export interface RawRun extends Range {
  readonly command: string;
  readonly runner: Runner | null;
  readonly form: Form | null;
  /** What to type instead of `command`, at its place. */
  readonly replacement: string | null;
  /** The change to the text that puts it there; null when only people can make it. */
  readonly edit: Edit | null;
}

/** More than this in one text are not told apart; whoever mends these sees the others. */
const mostRuns = 50;

/** What stands for a command that was reported and has no replacement: does nothing, and as a word is not in the way. */
const nothing = ':';

/** The text as it is after some changes, and where its parts were before. */
interface Draft {
  readonly text: string;
  /** In the order of the text, not overlapping. */
  readonly edits: readonly Edit[];
}

/** Where an offset of the draft, outside of what was put in, was in the original text. */
function originalOffset({ edits }: Draft, offset: number): number {
  let shift = 0;
  for (const edit of edits) {
    if (edit.start + shift + edit.text.length > offset) break;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}

function change(
  draft: Draft,
  start: number,
  end: number,
  text: string,
): { readonly draft: Draft; readonly edit: Edit } {
  const edit = { start: originalOffset(draft, start), end: originalOffset(draft, end), text };
  const others = draft.edits.filter((other) => other.end <= edit.start || other.start >= edit.end);
  return {
    draft: {
      text: draft.text.slice(0, start) + text + draft.text.slice(end),
      edits: [...others, edit].sort((a, b) => a.start - b.start),
    },
    edit,
  };
}

/** What can be typed at the command's own place; null when the policy gives nothing that it would itself let through. */
function replacementInPlace(command: string, directory: string, classifier: Classifier): string | null {
  const { verdict, replacement } = classifier.classify(command, directory);
  if (verdict !== 'bypass' || replacement === null) return null;
  return classifier.classify(replacement, directory).verdict === 'bypass' ? null : replacement;
}

/** Where the subject stands; one inside another text (`` `…` `` in quotes) only when there is no doubt. */
function placeOf({ subject, subjectAt }: Classification, text: string): Range | null {
  if (subject === null) return null;
  const at = subjectAt ?? text.indexOf(subject);
  if (at < 0 || (subjectAt === null && text.indexOf(subject, at + 1) >= 0)) return null;
  return { start: at, end: at + subject.length };
}

/** A command whose input stands on the lines below it: only people can move the two together. */
const hereDocument = /(?:^|[^<])<<(?!<)/;

/**
 * One command in place of one: several in a row (`cd web && …`) stay together in a pipeline or behind a `!`. Two opening parentheses
 * in a row would begin an arithmetic expression.
 */
function asOneCommand(
  replacement: string,
  { isAlone, before }: { isAlone: boolean; before: string },
): string {
  const isOne = isAlone || !replacement.includes(' && ') || isOneGroup(replacement);
  const text = isOne ? replacement : `(${replacement.startsWith('(') ? ' ' : ''}${replacement})`;
  return text.startsWith('(') && before.endsWith('(') ? ` ${text}` : text;
}

/**
 * Finds every raw run in a shell text. Each is replaced in a draft and the rest judged again, so that a `cd`, a variable or
 * a function counts for what comes after it.
 * @param isWritable false when the text is in a shell whose words the replacement may not suit, so that there are no edits.
 */
export function findRawRuns(
  script: string,
  directory: string,
  classifier: Classifier,
  isWritable: boolean,
): { readonly runs: readonly RawRun[]; readonly isRead: boolean } {
  let draft: Draft = { text: hidePlaceholders(script), edits: [] };
  const runs: RawRun[] = [];
  while (runs.length < mostRuns) {
    const found = classifier.classify(draft.text, directory);
    if (found.verdict !== 'bypass') {
      return { runs, isRead: found.isRead || runs.length > 0 };
    }
    const place = placeOf(found, draft.text);
    const { runner, form } = found;
    if (place === null) {
      const replacement = found.replacement === null ? null : showPlaceholders(found.replacement);
      runs.push({ start: 0, end: script.length, command: script, runner, form, replacement, edit: null });
      break;
    }
    const subject = draft.text.slice(place.start, place.end);
    const inPlace =
      found.subjectCwd === null ? null : replacementInPlace(subject, found.subjectCwd, classifier);
    const isAlone = draft.text.trim() === subject;
    const changed = change(
      draft,
      place.start,
      place.end,
      inPlace === null
        ? nothing
        : asOneCommand(inPlace, { isAlone, before: draft.text.slice(0, place.start) }),
    );
    draft = changed.draft;
    const { start, end } = changed.edit;
    const replacement = inPlace ?? found.replacement;
    runs.push({
      start,
      end,
      command: script.slice(start, end),
      runner,
      form,
      replacement: replacement === null ? null : showPlaceholders(replacement),
      edit:
        inPlace === null || !isWritable || hereDocument.test(subject)
          ? null
          : { start, end, text: showPlaceholders(changed.edit.text) },
    });
  }
  return { runs, isRead: true };
}
