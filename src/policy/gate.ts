import { runners } from './runners.ts';
import { governorCommands, packageManagerFiles, scriptLaunchers } from './script-launchers.ts';

/** Characters that make a word longer; anything else, also every non-ASCII character, ends it. Spelled out because a range such as a-z depends on the locale. */
const wordCharacters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';

/** Runner names and our own commands: suspects wherever they stand in the text, also inside a longer word. */
const substrings: readonly string[] = [
  ...new Set([
    ...runners.flatMap((entry) => [...entry.commands, ...entry.pythonModules]),
    ...governorCommands,
    ...packageManagerFiles,
  ]),
];

/**
 * The first look, one `case` alternation for `case $text in <this>)`: matches more than the gate (no word boundaries), cheaply.
 * It holds no quote and no space, so that it can stand inside a trap string.
 */
export function textPatterns(): string {
  const shortest = [...substrings, ...scriptLaunchers].filter(
    (word, _index, all) => !all.some((other) => other !== word && word.includes(other)),
  );
  return [...new Set(shortest)].map((word) => `*${word}*`).join('|');
}

/** The second look, for `case " $text " in <this>)`: runner names anywhere, launchers as whole words. */
export function wordPatterns(): string {
  const before = `[!${wordCharacters}.]`;
  const after = `[!${wordCharacters}.-]`;
  return [
    ...substrings.map((word) => `*${word}*`),
    ...scriptLaunchers.map((word) => `*${before}${word}${after}*`),
  ].join('|');
}

/** What the templates may name as `@gate:…@`. */
export function gateValues(): ReadonlyMap<string, string> {
  return new Map([
    ['gate:text', textPatterns()],
    ['gate:words', wordPatterns()],
    ['gate:main-files', runners.flatMap((entry) => entry.mainFiles).join('|')],
  ]);
}
