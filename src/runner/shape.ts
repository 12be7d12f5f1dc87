import { isShortOption } from '../characters.ts';
import type { Environment } from '../env.ts';
import { ownArguments } from '../policy/own-arguments.ts';

/** How a runner's command line speaks of its workers. */
export interface WorkerFlags {
  /** Flags whose value is a number of workers or a percentage of the CPUs, in every spelling, without `=value`. */
  readonly counted: readonly string[];
  /** Those of them that may carry their value in the same word (`-w4`). */
  readonly attached: readonly string[];
  /** Flags that mean one worker. */
  readonly single: readonly string[];
  /** Flags that mean one worker for a part of the run. */
  readonly singleInPart?: readonly string[];
  /** Flags that mean one worker when they are off (`--flag=false`), and else nothing. */
  readonly parallel?: readonly string[];
  /** The runner takes clusters of short flags (`-bi`): which letters take a value, mean one worker, are a number of workers. */
  readonly letters?: { readonly valued: string; readonly single: string; readonly counted: string };
  /** Flags that say something else about the number: it is then the caller's, and not known. */
  readonly other: readonly string[];
  /** The flag that is added where the caller says nothing; null for a runner that knows none. */
  readonly added: string | null;
  /** How it speaks of the fewest workers, where it refuses more of them than it may have at the most. */
  readonly fewest?: FewestFlags;
}

/** How a runner's command line speaks of the fewest workers that it keeps. */
export interface FewestFlags {
  /** Flags that hold for the whole run, in every spelling, without `=value`; the first one is what is added. */
  readonly general: readonly [string, ...string[]];
  /** Flags that hold for a part of it, and come before those. */
  readonly partial: readonly string[];
}

/** What shaping may do to a command line. */
export interface WorkerLimits {
  /** The most workers that a caller may ask for; null for no cap. */
  readonly cap: number | null;
  /** Logical CPUs, for percentages. */
  readonly cpus: number;
  /** The caller may do without shaping: nothing is added or capped. */
  readonly isFree: boolean;
}

/** A command line whose workers are settled. */
export interface Shaped {
  readonly args: readonly string[];
  /** How many workers it has; null when that is not known. */
  readonly workers: number | null;
  /** Variables that the runner needs for that. */
  readonly environment?: Environment;
}

/** The same with the number that was settled here; null when the caller's own words stand as they are. */
export interface Settled extends Shaped {
  readonly settled: number | null;
}

/** Workers of a run whose caller names no number. */
const defaultWorkers = 2;

/** Where a command line names a number of workers: the words from `at` on, and the value. */
interface Naming {
  readonly at: number;
  readonly length: 1 | 2;
  /** The flag under which another number stands there. */
  readonly flag: string;
  /** Null for a flag without a value. */
  readonly value: string | null;
  /** It means one worker. */
  readonly isSingle: boolean;
  /** What stays of its words when the naming goes: the flags before it in a cluster. */
  readonly kept: readonly string[];
}

/** What a cluster of short flags says of workers: `-bi`, `-bw 4`, `-bw4`. A letter that takes a value takes the rest of the word. */
function namingInCluster(
  args: readonly string[],
  at: number,
  { letters, added }: WorkerFlags,
): Naming | null {
  const word = args[at] ?? '';
  const flag = added ?? '';
  if (letters === undefined || !isShortOption(word) || !/^-[A-Za-z]{2,}(?:=?\+?\d+%?)?$/.test(word))
    return null;
  for (let index = 1; index < word.length; index++) {
    const letter = word[index] ?? '';
    const kept = index === 1 ? [] : [word.slice(0, index)];
    if (letters.single.includes(letter)) {
      return { at, length: 1, flag, value: null, isSingle: true, kept };
    }
    if (letters.counted.includes(letter)) {
      const attached = word.slice(index + 1).replace(/^=/, '');
      if (/^[A-Za-z]/.test(attached)) return null;
      const isNext = attached === '';
      const value = isNext ? (args[at + 1] ?? '') : attached;
      return { at, length: isNext ? 2 : 1, flag, value, isSingle: false, kept };
    }
    if (letters.valued.includes(letter)) return null;
  }
  return null;
}

/** True for a flag that is said to be off: `--runInBand=false`, `--runInBand false`. */
function isOff(rest: readonly string[], next: string | undefined): boolean {
  return rest.length > 0 ? rest[0] === 'false' : next === 'false';
}

/** What the word at `at` says when it is one of `names`: `--flag=value`, `--flag value`. */
function namingOf(args: readonly string[], at: number, names: readonly string[]): Naming | null {
  const [flag = '', ...rest] = (args[at] ?? '').split('=');
  if (!names.includes(flag)) return null;
  const isNext = rest.length === 0;
  const value = isNext ? (args[at + 1] ?? '') : rest.join('=');
  return { at, length: isNext ? 2 : 1, flag, value, isSingle: false, kept: [] };
}

function namingAt(args: readonly string[], at: number, flags: WorkerFlags): Naming | null {
  const argument = args[at] ?? '';
  const [name = '', ...rest] = argument.split('=');
  const said = { at, length: 1, flag: flags.added ?? name, kept: [] } as const;
  if (flags.single.includes(name)) {
    return isOff(rest, args[at + 1]) ? null : { ...said, value: null, isSingle: true };
  }
  if (flags.singleInPart?.includes(name) === true) {
    return isOff(rest, args[at + 1]) ? null : { ...said, value: '1', isSingle: false };
  }
  if (flags.parallel?.includes(name) === true) {
    return isOff(rest, args[at + 1]) ? { ...said, value: null, isSingle: true } : null;
  }
  if (flags.other.includes(name)) return { ...said, value: null, isSingle: false };
  const counted = namingOf(args, at, flags.counted);
  if (counted !== null) return { ...counted, flag: name.startsWith('--') ? name : said.flag };
  const short = flags.attached.find((flag) => argument.startsWith(flag));
  const attached = short === undefined ? '' : argument.slice(short.length);
  if (attached !== '' && /^\+?\d/.test(attached)) return { ...said, value: attached, isSingle: false };
  return namingInCluster(args, at, flags);
}

/** Every place where `find` sees a number of workers, in order. */
function findNamings(args: readonly string[], find: (at: number) => Naming | null): readonly Naming[] {
  const found: Naming[] = [];
  for (let at = 0; at < args.length; at++) {
    const naming = find(at);
    if (naming === null) continue;
    found.push(naming);
    at += naming.length - 1;
  }
  return found;
}

/**
 * A number of workers as the runners read it: `4`, or `50%` of the CPUs and at least one. Null for anything else. Some take whatever
 * begins with digits and some whatever JavaScript calls a number (`+8`, `0x10`): it is the greatest that one of them would see.
 */
function countWorkers(value: string, cpus: number): number | null {
  const text = value.trim();
  if (!/^\+?\d/.test(text)) return null;
  const digits = Number.parseInt(text, 10);
  if (text.endsWith('%')) return Math.max(1, Math.floor((cpus * digits) / 100));
  const number = Math.floor(Number(text));
  return Number.isSafeInteger(number) ? Math.max(number, digits) : digits;
}

function countOf({ isSingle, value }: Naming, cpus: number): number | null {
  if (isSingle) return 1;
  return value === null ? null : countWorkers(value, cpus);
}

/** The greatest number among these; null when none is known. */
function greatest(namings: readonly Naming[], cpus: number): number | null {
  const counts = namings.flatMap((naming) => countOf(naming, cpus) ?? []);
  return counts.length === 0 ? null : Math.max(...counts);
}

/**
 * How many workers the caller's words come to. One flag can stand twice, and which of them counts is each runner's own affair
 * (jest takes the first): no run has more than the greatest.
 */
function workersOf(namings: readonly Naming[], cpus: number): number | null {
  return namings.some(({ isSingle }) => isSingle) ? 1 : greatest(namings, cpus);
}

/** The words with `most` in each of these places. */
function lower(args: readonly string[], namings: readonly Naming[], most: number): readonly string[] {
  const lowered = args.slice();
  // From the end, so that the places before it stay where they are.
  for (const { at, length, kept, flag } of [...namings].reverse()) {
    lowered.splice(at, length, ...kept, `${flag}=${most}`);
  }
  return lowered;
}

/** What has to be said of the fewest workers beside `most`: the settings of the project may ask for more, and then nothing would run. */
function settleFewest(
  args: readonly string[],
  { general, partial }: FewestFlags,
  most: number,
): readonly string[] {
  const namings = findNamings(args, (at) => namingOf(args, at, [...general, ...partial]));
  // A percentage is left to nobody: runners round it each in their own way.
  const isBelow = ({ value }: Naming) => /^\d+$/.test(value ?? '') && Number(value) <= most;
  const lowered = lower(
    args,
    namings.filter((naming) => !isBelow(naming)),
    most,
  );
  const isSaid = namings.some(({ flag }) => general.includes(flag));
  return isSaid ? lowered : [...lowered, `${general[0]}=${most}`];
}

/** The number for a caller who names none: two, or as many as they want at the least. */
function unasked(args: readonly string[], { fewest }: WorkerFlags, cpus: number): number {
  if (fewest === undefined) return defaultWorkers;
  const namings = findNamings(args, (at) => namingOf(args, at, [...fewest.general, ...fewest.partial]));
  return Math.max(defaultWorkers, greatest(namings, cpus) ?? 0);
}

/** True when a command line says something about its workers. */
export function namesWorkers(args: readonly string[], flags: WorkerFlags): boolean {
  const own = ownArguments(args);
  return findNamings(own, (at) => namingAt(own, at, flags)).length > 0;
}

/**
 * Settles the workers of a command line: two where the caller says nothing, the caller's own number otherwise, except where a
 * cap is set and it is higher. What is added stands before a lone `--`.
 */
export function settleWorkers(args: readonly string[], flags: WorkerFlags, limits: WorkerLimits): Settled {
  const own = ownArguments(args);
  const { cpus, isFree } = limits;
  const cap = limits.cap ?? Number.POSITIVE_INFINITY;
  const namings = findNamings(own, (at) => namingAt(own, at, flags));
  const asked = workersOf(namings, cpus);
  const above = namings.filter((naming) => (countOf(naming, cpus) ?? 0) > cap);
  if (isFree) return { args, workers: asked, settled: null };
  // With a cap it must hold also where the project's settings say more than the caller.
  if (namings.length > 0 && above.length === 0) {
    return { args, workers: asked, settled: limits.cap === null ? null : asked };
  }
  const most = Math.min(cap, asked ?? unasked(own, flags, cpus));
  const added = flags.added === null ? [] : [`${flags.added}=${most}`];
  const shaped = namings.length === 0 ? [...own, ...added] : lower(own, above, most);
  const shapedToo = flags.fewest === undefined ? shaped : settleFewest(shaped, flags.fewest, most);
  return { args: [...shapedToo, ...args.slice(own.length)], workers: most, settled: most };
}

/** {@link settleWorkers} for a runner that its flags tell everything. */
export function shapeWorkers(args: readonly string[], flags: WorkerFlags, limits: WorkerLimits): Shaped {
  const { settled: _, ...shaped } = settleWorkers(args, flags, limits);
  return shaped;
}
