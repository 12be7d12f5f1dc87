import type { Argument } from '../../policy/argument.ts';
import type { Start } from '../../policy/launchers/launcher.ts';
import { packagesAt } from '../../policy/places.ts';
import { findRunner } from '../../policy/programs.ts';
import { findLauncher } from '../../policy/resolve.ts';
import type { PackageReader, Runner } from '../../policy/verdict.ts';
import { type CommandWord, type SimpleCommand, simpleCommands } from './commands.ts';

/** A launcher on the way to a runner, all in one simple command. */
export interface Launch {
  /** The name that the policy knows it by (`npx`, `cross-env`). */
  readonly name: string;
  /** The index of its own word among the command's words. */
  readonly at: number;
  /** The index of the first word of what it starts. */
  readonly next: number;
  readonly start: Extract<Start, { kind: 'argv' }>;
}

/** A test runner in a script, by its place in the text. */
export interface LocatedRun {
  readonly runner: Runner;
  readonly command: SimpleCommand;
  /** Outermost first. */
  readonly launches: readonly Launch[];
  /** The index of the runner's own word among the command's words. */
  readonly at: number;
  readonly isPath: boolean;
  /** Where its word ends; npm's own `--` behind it included. */
  readonly end: number;
  readonly args: readonly Argument[];
  /** The command's words that are the runner's arguments. */
  readonly argumentWords: readonly CommandWord[];
  /** The launchers whose text, a quoted word, holds the command: `concurrently` in `concurrently "jest"`. Outermost first. */
  readonly texts: readonly string[];
  /** The quotes around it; nothing that is inserted may hold one of them. */
  readonly quotes: readonly string[];
}

/** Where scripts are looked up. */
export interface LocateContext {
  readonly cwd: string;
  readonly packages: PackageReader;
}

interface Frame extends LocateContext {
  readonly text: string;
  readonly texts: readonly string[];
  readonly quotes: readonly string[];
}

/** Launchers inside each other; more than anybody writes. */
const deepest = 16;

interface Reach {
  readonly command: SimpleCommand;
  /** The words from `at` up to `end` are what is started. */
  readonly at: number;
  readonly end: number;
  readonly isPackage: boolean;
  readonly launches: readonly Launch[];
  /** Words behind the first that only the launcher sees: npm's own `--`. */
  readonly gap: number;
}

/** Where the words of `args` stand among the command's words; null when they are not the words themselves. */
function placeOfWords(
  words: readonly CommandWord[],
  args: readonly Argument[],
  from: number,
): Pick<Reach, 'at' | 'end' | 'gap'> | null {
  const [first, ...rest] = args;
  if (first === undefined) return null;
  const matches = (at: number, gap: number) =>
    rest.every((argument, index) => words[at + 1 + gap + index]?.argument === argument);
  for (let at = from; at < words.length; at += 1) {
    const { argument } = words[at] ?? {};
    // `python -m pytest` names a module: another object, the same word.
    if (argument !== first && !(argument?.value === first.value && argument.source === first.source))
      continue;
    if (matches(at, 0)) return { at, end: at + args.length, gap: 0 };
    // `npm exec jest -- --ci`: npm takes the dashes out.
    if (words[at + 1]?.argument.value === '--' && matches(at, 1)) {
      return { at, end: at + args.length + 1, gap: 1 };
    }
  }
  return null;
}

function followText(text: Argument, name: string, reach: Reach, frame: Frame): readonly LocatedRun[] {
  const candidates = reach.command.words.slice(reach.at + 1, reach.end).filter(({ argument }) => {
    return argument === text || (argument.value === text.value && argument.source === text.source);
  });
  const [word] = candidates;
  if (word === undefined || candidates.length > 1 || text.source !== null) return [];
  const raw = frame.text.slice(word.start, word.end);
  const quote = raw[0];
  const isPlainlyQuoted =
    (quote === '"' || quote === "'") && raw === `${quote}${text.value}${quote}` && raw.length >= 2;
  if (!isPlainlyQuoted || quote === undefined) return [];
  return locateIn(simpleCommands(text.value, word.start + 1) ?? [], {
    ...frame,
    texts: [...frame.texts, name],
    quotes: [...frame.quotes, quote],
  });
}

function follow(start: Start, name: string, reach: Reach, frame: Frame): readonly LocatedRun[] {
  const { command, launches } = reach;
  switch (start.kind) {
    case 'argv': {
      const words = command.words.slice(0, reach.end);
      const place = placeOfWords(words, start.args, reach.at + 1);
      if (place === null) return [];
      const launch: Launch = { name, at: reach.at, next: place.at, start };
      const inner = [...launches, launch];
      return resolve({ command, ...place, isPackage: start.isPackage, launches: inner }, frame);
    }
    case 'script': {
      if (start.otherwise === null || start.names.kind !== 'name') return [];
      const { name: script } = start.names;
      const isScript = packagesAt(frame.packages, frame.cwd, start.place).some((facts) =>
        Object.hasOwn(facts.scripts, script),
      );
      if (isScript) return [];
      return follow({ ...start.otherwise, place: start.otherwise.place ?? start.place }, name, reach, frame);
    }
    case 'shell':
      return followText(start.text, name, reach, frame);
    case 'stdin':
      return [];
    default:
      return start satisfies never;
  }
}

function resolve(reach: Reach, frame: Frame): readonly LocatedRun[] {
  const { command, at, end, gap, isPackage, launches } = reach;
  const word = command.words[at]?.argument;
  if (word === undefined || launches.length >= deepest) return [];
  const found = findRunner(word, isPackage);
  if (found !== null) {
    const argumentWords = command.words.slice(at + 1 + gap, end);
    const { runner, isPath } = found;
    const args = argumentWords.map(({ argument }) => argument);
    const { texts, quotes } = frame;
    const wordEnd = command.words[at + gap]?.end ?? command.end;
    return [{ runner, isPath, end: wordEnd, command, launches, at, args, argumentWords, texts, quotes }];
  }
  if (word.source !== null) return [];
  const named = findLauncher(word.value, isPackage);
  if (named === null) return [];
  const args = command.words.slice(at + 1 + gap, end).map(({ argument }) => argument);
  return named.launcher.starts(args, named.name).flatMap((start) => follow(start, named.name, reach, frame));
}

function locateIn(commands: readonly SimpleCommand[], frame: Frame): readonly LocatedRun[] {
  return commands.flatMap((command) =>
    resolve({ command, at: 0, end: command.words.length, gap: 0, isPackage: false, launches: [] }, frame),
  );
}

/**
 * The test runners that a script names, each with its place in the text: through launchers and into quoted text, not through
 * variables, functions or other scripts. What the policy sees beyond these cannot be edited by position.
 */
export function locateRuns(
  text: string,
  commands: readonly SimpleCommand[],
  context: LocateContext,
): readonly LocatedRun[] {
  return locateIn(commands, { ...context, text, texts: [], quotes: [] });
}
