// Questions about the characters of a short text, asked without a pattern. V8 compiles a pattern when it is first used, and once more,
// for the machine, the second time: together a tenth of a millisecond, in each process anew. Where a start asks, that is most of it.

const isDigitCode = (code: number) => code >= 0x30 && code <= 0x39;
const isLetterCode = (code: number) => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** True for decimal digits and nothing else, at least one. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

/** True for hexadecimal digits, in lower case, and nothing else, at least one. */
export function isHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x66 || (code > 0x39 && code < 0x61)) return false;
  }
  return text !== '';
}

/** True for a number with decimals behind a point, as the kernel writes averages: `12.30`. */
export function isDecimal(text: string): boolean {
  const point = text.indexOf('.');
  return isDigits(text.slice(0, Math.max(0, point))) && isDigits(text.slice(point + 1));
}

/** True where a letter or digit of ASCII stands at a place in a text, or one of `others`. */
export function isAlphanumericAt(text: string, at: number, others: string): boolean {
  const character = text[at];
  if (character === undefined) return false;
  const code = character.charCodeAt(0);
  return isLetterCode(code) || isDigitCode(code) || others.includes(character);
}

/** True where a letter of ASCII stands at a place in a text. */
export function isLetterAt(text: string, at: number): boolean {
  return isLetterCode(text.charCodeAt(at));
}

/** True for a word that begins as short options do: a dash and a letter. */
export function isShortOption(word: string): boolean {
  return word.startsWith('-') && isLetterAt(word, 1);
}

/** True for the name of a shell's variable. */
export function isName(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!isAlphanumericAt(text, at, '_')) return false;
  }
  return text !== '' && !isDigitCode(text.charCodeAt(0));
}

/** A flag without the dash or the two dashes before it. */
export function withoutDashes(flag: string): string {
  return flag.startsWith('--') ? flag.slice(2) : flag.startsWith('-') ? flag.slice(1) : flag;
}
