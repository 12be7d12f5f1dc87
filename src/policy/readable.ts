/**
 * The longest text that is read. Linux gives one argument of a program, and so the text of `sh -c`, no more than this many
 * bytes (MAX_ARG_STRLEN in execve(2)).
 */
const longest = 131_072;

/** More of these in one text than any text written by hand has; the parser goes one call deeper for each, or compares each with all others. */
const most = 1000;

const costly = /\([ \t]*\)|\bfunction\b|\bcoproc\b|<</g;

/** The deepest parentheses inside each other; those in quotes count too, because telling them apart is the parser's work. */
function parenthesesDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x28) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x29 && depth > 0) depth -= 1;
  }
  return deepest;
}

/** False for a text that the parser would take too long for, or run out of stack on; it is left to the layers below. */
export function isReadable(text: string): boolean {
  if (text.length > longest) return false;
  if (text.length < most * 2) return true;
  if (parenthesesDepth(text) > most) return false;
  let count = 0;
  for (const _match of text.matchAll(costly)) {
    count += 1;
    if (count > most) return false;
  }
  return true;
}
