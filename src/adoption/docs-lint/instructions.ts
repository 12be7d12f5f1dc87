import type { CodeSpan } from './markdown.ts';

/** `Run `, `then execute `, at the end of the text before a code span; not `we run `, which tells what somebody does. */
const imperative =
  /(?<!\b(?:we|they|it|that|which|who|i|he|she|not|never|to|scripts?|hooks?|jobs?|tasks?|ci)\s+)\b(?:run|type|execute|invoke|launch|enter|call|use)(?:\s+(?:just|simply|the command|a plain|plain))?:?\s*$/i;

/** Tells the reader, somewhere before in the same clause, not to type what follows. */
const forbids =
  /\b(?:never|don['’]?t|do not|doesn['’]?t|does not|must not|mustn['’]t|should not|shouldn['’]t|cannot|can['’]t|may not|avoid|no longer|stop|forbids?|forbidden|blocks?|blocked|refuses?|replaces)\b/i;
/** The same, where only a word or two may come between. */
const setsAgainst =
  /\b(?:not|without|instead of|rather than|in place of|over|raw|unlike|replaced)(?:\s+[\w-]+){0,2}\s*$/i;
/** The same behind it. */
const isForbidden =
  /^[^.;:!?()]{0,20}\b(?:is|are|gets?|was|were)\s+(?:blocked|forbidden|banned|disallowed|refused|rejected|deprecated|not\s+allowed|stopped|never)\b/i;

/** Between two code spans that share what was said of the first: `npx jest`, `npx vitest` and `pytest`. */
const enumeration = /^\s*(?:,|\/|,?\s*(?:or|and|nor))\s*$/i;

/** The end of a sentence, a bracket, or the comma before the main clause: if you do not know the file, run … */
const clauseEnd =
  /[.;:!?](?:\s|$)|[()]|,\s+(?=(?:(?:then|just|simply|please|you\s+can|instead)\s+)?(?:run|type|execute|invoke|launch|enter|call|use|try)\b)/i;

/** The text from the last sentence or clause before a span, the earlier spans of an enumeration skipped. */
function clauseBefore(before: string): string {
  const parts = before.split(/(?<!`)`+(?!`)/);
  // Even parts are text, odd ones code; the last is the text right before the span.
  let text = parts.at(-1) ?? '';
  for (let index = parts.length - 3; index >= 0 && enumeration.test(text); index -= 2)
    text = parts[index] ?? '';
  return text.split(clauseEnd).at(-1) ?? '';
}

/** `jest`, `jest.config.js`, `--watch`, `node_modules/.bin/jest`: names of things. */
function isName(command: string): boolean {
  return !/\s/.test(command);
}

/**
 * True when a code span that starts tests is there to be typed. A name on its own is so only after a verb (run `jest`), and
 * nothing is that the same clause forbids (never run `npx jest`): a rule must be free to say what it is about.
 */
export function isInstruction(span: CodeSpan): boolean {
  const clause = clauseBefore(span.before);
  if (forbids.test(clause) || setsAgainst.test(clause) || isForbidden.test(span.after)) return false;
  return !isName(span.text.trim()) || imperative.test(clause);
}
