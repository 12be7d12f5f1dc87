import { calmBeginnings, calmSubcommands } from './calm.ts';
import { mayReachRunner } from './hot-words.ts';
import { launchers } from './launchers/index.ts';
import { runners } from './runners.ts';
import { governorCommands, packageManagerFiles, scriptLaunchers } from './script-launchers.ts';

/** Characters that make a word longer; anything else, also every non-ASCII character, ends it. Spelled out because a range such as a-z depends on the locale. */
const wordCharacters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';

/** Longer texts pass at the first look: what comes after it is slow in shells. Counted as the shell counts, in characters or bytes. */
const longest = 2000;

/** A line of more simple commands, or quoted texts, than this is classified, however calm it is: the shell's splitting is quadratic. */
const mostParts = 16;

/** Runner names and our own commands: suspects wherever they stand in the text, also inside a longer word. */
const substrings: readonly string[] = [
  ...new Set([
    ...runners.flatMap((entry) => [...entry.commands, ...entry.pythonModules]),
    ...governorCommands,
    ...packageManagerFiles,
  ]),
];

/** Parts that several words share: one pattern instead of many, each of which costs every command in a guarded shell. */
const sharedParts: readonly string[] = ['-test', 'itest', 'ytest'];

/** What the first look searches for: no word boundaries, and nothing that another of them is a part of. */
const firstWords: readonly string[] = [...substrings, ...scriptLaunchers]
  .map((word) => sharedParts.find((part) => word.includes(part)) ?? word)
  .filter((word, index, all) => all.indexOf(word) === index)
  .filter((word, _index, all) => !all.some((other) => other !== word && word.includes(other)));

function differOnlyAt(index: number, one: string, other: string): boolean {
  const isSameElsewhere =
    one.slice(0, index) === other.slice(0, index) && one.slice(index + 1) === other.slice(index + 1);
  return isSameElsewhere && /^[a-z]{2}$/.test(one.charAt(index) + other.charAt(index));
}

/** One pattern for all words that differ in one and the same letter: `run-s` and `run-p` become `run-[sp]`. */
function firstLook(): string {
  const left = new Set(firstWords);
  const patterns: string[] = [];
  for (const word of left) {
    left.delete(word);
    let pattern = word;
    for (let index = 0; index < word.length && pattern === word; index += 1) {
      const others = [...left].filter((other) => differOnlyAt(index, word, other));
      if (others.length === 0) continue;
      for (const other of others) left.delete(other);
      const letters = [word, ...others].map((other) => other.charAt(index)).join('');
      pattern = `${word.slice(0, index)}[${letters}]${word.slice(index + 1)}`;
    }
    patterns.push(`*${pattern}*`);
  }
  return patterns.join('|');
}

/** Runner names anywhere, script launchers as whole words. */
function hotWords(): string {
  const before = `[!${wordCharacters}.]`;
  const after = `[!${wordCharacters}.-]`;
  return [
    ...substrings.map((word) => `*${word}*`),
    ...scriptLaunchers.map((word) => `*${before}${word}${after}*`),
  ].join('|');
}

const mainFiles = runners.flatMap((entry) => entry.mainFiles);

/** Those that have shell functions of their own in the fragments. */
const packageManagers = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg']);

/** Programs that start what their arguments say, by the names of their files. */
function otherLaunchers(): readonly string[] {
  const named = new Set(scriptLaunchers);
  return [...launchers.keys()].filter((name) => !named.has(name) && !packageManagers.has(name));
}

function alternation(words: readonly string[], suffix = ''): string {
  return words.map((word) => (suffix === '' ? word : `"${word} "${suffix}`)).join(' | ');
}

/** What the templates may name as `@gate:…@`; each is a `case` alternation if nothing else is said. */
export function gateValues(): ReadonlyMap<string, string> {
  return new Map([
    // The first look: `case $text in @gate:text@)`. Neither quote nor space is in it, so that it can stand inside a trap string.
    ['gate:text', firstLook()],
    // The second look: `case " $text " in @gate:words@)`.
    ['gate:words', hotWords()],
    ['gate:calm', alternation(calmBeginnings, '*')],
    ['gate:npm-calm', alternation(calmSubcommands('npm'))],
    ['gate:pnpm-calm', alternation(calmSubcommands('pnpm'))],
    ['gate:yarn-calm', alternation(calmSubcommands('yarn'))],
    ['gate:bun-calm', alternation(calmSubcommands('bun'))],
    ['gate:main-file-patterns', alternation(mainFiles.map((file) => `*${file}`))],
    ['gate:runner-commands', alternation(runners.flatMap((entry) => entry.commands))],
    ['gate:governor-commands', alternation(governorCommands)],
    ['gate:script-launchers', alternation(scriptLaunchers.filter((word) => !packageManagers.has(word)))],
    ['gate:launchers', alternation(otherLaunchers())],
    // The inside of a bracket expression.
    ['gate:word-characters', wordCharacters],
    ['gate:longest', String(longest)],
    // One x more than a line may have parts: the shell counts in x.
    ['gate:too-many', 'x'.repeat(mostParts + 1)],
    // For the preload: path endings joined by `|`.
    ['gate:main-files', mainFiles.join('|')],
    // For Python's start-up file.
    ['gate:python-modules', runners.flatMap((entry) => entry.pythonModules).join('|')],
    [
      'gate:python-commands',
      runners
        .filter((entry) => entry.pythonModules.length > 0)
        .flatMap((entry) => entry.commands)
        .join('|'),
    ],
  ]);
}

/** A substitution starts commands anywhere in a word, in double quotes too; the last is the `${ command }` of bash 5.3 and zsh 5.10. */
const substitution = new RegExp(`\`|\\$\\(|\\$\\{[^${wordCharacters}]`);

/** Where a quote may be none: comments, escapes, expansions, heredocs. */
const doubtfulQuotes = /#|\\['"]|\$[{[]|<</;

/** The line with a `_` for each quoted text; null when a quote is not closed or there are too many. */
function withoutQuoted(text: string): string | null {
  if (doubtfulQuotes.test(text)) return text;
  let count = 0;
  const rest = text.replace(/'[^']*'|"[^"]*"/g, () => {
    count += 1;
    return '_';
  });
  return count > mostParts || /['"]/.test(rest) ? null : rest;
}

function isCalm(simpleCommand: string): boolean {
  const text = `${simpleCommand.replace(/^ +/, '')} `;
  if (text === ' ' || text.startsWith('#')) return true;
  return calmBeginnings.some((beginning) => text.startsWith(`${beginning} `));
}

/**
 * The twin of the shell function `<prefix>_guard_text_is_suspect` (templates/fragments): false when the command line can start no
 * runner and no governed run, so that nobody need parse it.
 */
export function isSuspect(text: string): boolean {
  if (text.length > longest) return firstWords.some((word) => text.includes(word));
  if (!mayReachRunner(text)) return false;
  if (substitution.test(text)) return true;
  const rest = withoutQuoted(text);
  if (rest === null || rest.includes('(')) return true;
  const simpleCommands = rest.split(/[;|&\n]/);
  return simpleCommands.length > mostParts || !simpleCommands.every(isCalm);
}
