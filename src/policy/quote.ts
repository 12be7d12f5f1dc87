import quote from 'shell-quote/quote.js';
import { isAlphanumericAt } from '../characters.ts';
import type { Argument } from './argument.ts';

/**
 * Words that mean themselves in bash and in zsh, also at a prompt with history expansion and extended globs.
 * Not at the start: `=` (zsh replaces `=npx` by its path) and `~`. Braces only as the empty pair of `xargs` and `find`.
 */
function isPlain(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    if (value.startsWith('{}', at)) at++;
    else if (!isAlphanumericAt(value, at, at === 0 ? '_/.,:@%+-' : '_/.,:@%+=-')) return false;
  }
  return value !== '';
}

/** The same with the letters of every script. Made only for words that need it: that takes half a millisecond. */
const plainInAnyScript = () => /^(?:[\p{L}\p{N}_/.,:@%+-]|\{\})(?:[\p{L}\p{N}_/.,:@%+=-]|\{\})*$/u;
const beyondAscii = /[\u0080-\uffff]/;

/**
 * Every character that is shown escaped on a terminal (escape.ts; a test compares the two): left in a word, the command that is shown
 * would be another one.
 */
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;

const ansiNames: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  "'": "\\'",
};

function hexBytes(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

/** `$'…'`, which bash (3.2 too, so bytes and no `\u`) and zsh read alike; `!` is not history inside it. */
function ansiQuote(value: string): string {
  const inner = [...value].map(
    (character) => ansiNames[character] ?? (control.test(character) ? hexBytes(character) : character),
  );
  return `$'${inner.join('')}'`;
}

/** A word for bash and zsh that means exactly `value`; without quotes where none are needed. */
export function quoteWord(value: string): string {
  if (isPlain(value) || (beyondAscii.test(value) && plainInAnyScript().test(value))) return value;
  if (control.test(value)) return ansiQuote(value);
  // shell-quote would put a backslash before each character; one pair of quotes reads better.
  return value.includes("'") ? quote([value]) : `'${value}'`;
}

/** An argument as it can be pasted: literals quoted where they need it, expansions as they were written. */
export function quoteArgument(argument: Argument): string {
  return argument.source ?? quoteWord(argument.value);
}

/** A whole argument list as it can be pasted. */
export function quoteArguments(args: readonly Argument[]): string {
  return args.map(quoteArgument).join(' ');
}
