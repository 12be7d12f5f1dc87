import { ownArguments } from '../policy/own-arguments.ts';

/** How a runner's command line speaks of its workers. */
export interface WorkerFlags {
  /** Flags whose value is a number of workers or a percentage of the CPUs, in every spelling, without `=value`. */
  readonly counted: readonly string[];
  /** Those of them that may carry their value in the same word (`-w4`). */
  readonly attached: readonly string[];
  /** Flags that mean one worker. */
  readonly single: readonly string[];
  /** The runner takes clusters of short flags (`-bi`): which letters take a value, mean one worker, are a number of workers. */
  readonly letters?: { readonly valued: string; readonly single: string; readonly counted: string };
  /** Flags that say something else about the number: it is then the caller's, and not known. */
  readonly other: readonly string[];
  /** The flag that is added where the caller says nothing. */
  readonly added: string;
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
}

/** Workers of a run whose caller names no number. */
export const defaultWorkers = 2;

/** Where a command line names its number of workers: the words from `at` on, and the value. */
interface Naming {
  readonly at: number;
  readonly length: 1 | 2;
  /** Null for a flag without a value. */
  readonly value: string | null;
  /** It means one worker. */
  readonly isSingle: boolean;
  /** What stays of its words when the naming goes: the flags before it in a cluster. */
  readonly kept: readonly string[];
}

const alone = { isSingle: false, kept: [] } as const;

/** What a cluster of short flags says of workers: `-bi`, `-bw 4`, `-bw4`. A letter that takes a value takes the rest of the word. */
function namingInCluster(args: readonly string[], at: number, { letters }: WorkerFlags): Naming | null {
  const word = args[at] ?? '';
  if (letters === undefined || !/^-[A-Za-z]{2,}(?:=?\d+%?)?$/.test(word)) return null;
  for (let index = 1; index < word.length; index++) {
    const letter = word[index] ?? '';
    const kept = index === 1 ? [] : [word.slice(0, index)];
    if (letters.single.includes(letter)) {
      return { at, length: 1, value: null, isSingle: true, kept };
    }
    if (letters.counted.includes(letter)) {
      const attached = word.slice(index + 1).replace(/^=/, '');
      if (/^[A-Za-z]/.test(attached)) return null;
      const isNext = attached === '';
      const value = isNext ? (args[at + 1] ?? '') : attached;
      return { at, length: isNext ? 2 : 1, value, isSingle: false, kept };
    }
    if (letters.valued.includes(letter)) return null;
  }
  return null;
}

/** True for a flag that is said to be off: `--runInBand=false`, `--runInBand false`. */
function isOff(rest: readonly string[], next: string | undefined): boolean {
  return rest.length > 0 ? rest[0] === 'false' : next === 'false';
}

function namingAt(args: readonly string[], at: number, flags: WorkerFlags): Naming | null {
  const argument = args[at] ?? '';
  const [name = '', ...rest] = argument.split('=');
  if (flags.single.includes(name)) {
    if (isOff(rest, args[at + 1])) return null;
    return { at, length: 1, value: null, isSingle: true, kept: [] };
  }
  if (flags.other.includes(name)) return { at, length: 1, value: null, ...alone };
  if (flags.counted.includes(name)) {
    return rest.length > 0
      ? { at, length: 1, value: rest.join('='), ...alone }
      : { at, length: 2, value: args[at + 1] ?? '', ...alone };
  }
  const short = flags.attached.find((flag) => argument.startsWith(flag));
  const attached = short === undefined ? '' : argument.slice(short.length);
  if (/^\d/.test(attached)) return { at, length: 1, value: attached, ...alone };
  return namingInCluster(args, at, flags);
}

/** The last word of the caller's about the number of workers counts, as in every one of these runners. */
function findNaming(args: readonly string[], flags: WorkerFlags): Naming | null {
  let found: Naming | null = null;
  for (let at = 0; at < args.length; at++) {
    const naming = namingAt(args, at, flags);
    if (naming === null) continue;
    found = naming;
    at += naming.length - 1;
  }
  return found;
}

/** A number of workers as the runners read it: `4`, or `50%` of the CPUs and at least one. Null for anything else. */
function countWorkers(value: string, cpus: number): number | null {
  const [, digits, percent] = /^(\d+)(%?)$/.exec(value.trim()) ?? [];
  if (digits === undefined) return null;
  return percent === '%' ? Math.max(1, Math.floor((cpus * Number(digits)) / 100)) : Number(digits);
}

/**
 * Settles the workers of a command line: two where the caller says nothing, the caller's own number otherwise, except where a
 * cap is set and it is higher. What is added stands before a lone `--`.
 */
export function shapeWorkers(args: readonly string[], flags: WorkerFlags, limits: WorkerLimits): Shaped {
  const own = ownArguments(args);
  const rest = args.slice(own.length);
  const naming = findNaming(own, flags);
  const add = (workers: number) => [...own, `${flags.added}=${workers}`, ...rest];
  if (naming === null) {
    if (limits.isFree) return { args, workers: null };
    const workers = Math.min(defaultWorkers, limits.cap ?? defaultWorkers);
    return { args: add(workers), workers };
  }
  const workers = naming.isSingle
    ? 1
    : naming.value === null
      ? null
      : countWorkers(naming.value, limits.cpus);
  const isWithin = limits.cap === null || workers === null || workers <= limits.cap;
  if (limits.isFree || limits.cap === null || isWithin) return { args, workers };
  const capped = own.slice();
  capped.splice(naming.at, naming.length, ...naming.kept, `${flags.added}=${limits.cap}`);
  return { args: [...capped, ...rest], workers: limits.cap };
}
