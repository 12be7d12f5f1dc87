/**
 * `<path>`, `<name of the test>`, `<...>`: for the reader to fill in. A shell would take the brackets for redirections, and
 * the line for a wrong one.
 */
const placeholder = /(?<!<)<([A-Za-z.…](?:[^<>\n]*[^<>\s])?)>/g;

/** Two letters (Canadian syllabics) that look like the brackets, are as long, and mean nothing to a shell. */
const open = '\u1438';
const close = '\u1433';

/** The text with placeholders that are words to a shell; every offset stays what it was. */
export function hidePlaceholders(text: string): string {
  return text.replace(placeholder, `${open}$1${close}`);
}

/** The inverse of {@link hidePlaceholders}, also for a text that was made from its result. */
export function showPlaceholders(text: string): string {
  return text.replaceAll(open, '<').replaceAll(close, '>');
}
