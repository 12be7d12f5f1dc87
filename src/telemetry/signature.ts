import { withoutDashes } from '../characters.ts';
import type { Intent, Runner } from '../policy/verdict.ts';
import { flagsOf, type RunnerFlags } from './runner-flags.ts';

/** What a signature is made from. */
export interface SignatureParts {
  readonly runner: Runner;
  readonly intent: Intent | null;
  /** The runner's argument vector, its own name or path first; empty when it is not known. */
  readonly argv: readonly string[];
}

/**
 * The name under which the table knows a flag, with its leading dashes, or null. `--no-x` is known when `--x` is;
 * of a dotted flag (`--coverage.enabled`) only the known first part is shown.
 */
function canonical(flag: string, table: RunnerFlags): string | null {
  const bare = withoutDashes(flag).split('.', 1)[0] ?? '';
  const spelled =
    table.kebabCase && bare.includes('-')
      ? bare.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
      : bare;
  for (const name of [bare, spelled]) {
    const known = table.aliases.get(name) ?? name;
    if (table.switches.has(known) || table.valued.has(known) || table.lists.has(known)) {
      return known;
    }
  }
  const positive = /^no-?(.+)$/.exec(bare)?.[1];
  return bare.startsWith('no-') && positive !== undefined && table.switches.has(positive) ? bare : null;
}

/** The known names in one argument: a flag, or the letters of `-xvs` and `-n4`; none when any of them is unknown. */
function flagNames(flag: string, table: RunnerFlags): readonly string[] {
  if (flag.startsWith('--')) {
    const name = canonical(flag, table);
    return name === null ? [] : [name];
  }
  const names: string[] = [];
  for (const letter of flag.slice(1)) {
    const name = canonical(`-${letter}`, table);
    if (name === null) {
      return [];
    }
    names.push(name);
    if (table.valued.has(name)) {
      // The rest of the cluster is its value.
      break;
    }
  }
  return names;
}

/** How many of the arguments after the flag at `at` are its values. */
function countValues(
  argv: readonly string[],
  at: number,
  names: readonly string[],
  table: RunnerFlags,
): number {
  const flag = argv[at] ?? '';
  const last = names.at(-1) ?? '';
  // `-n4` carries its value, as every `--flag=value` does.
  const isAttached = flag.includes('=') || (!flag.startsWith('--') && names.length < flag.length - 1);
  const most = isAttached ? 0 : table.lists.has(last) ? argv.length : table.valued.has(last) ? 1 : 0;
  let count = 0;
  while (count < most && argv[at + count + 1]?.startsWith('-') === false) {
    count++;
  }
  return count;
}

/**
 * What a command line is, in words that cannot hold anything of the user's: the intent (or runner), the subcommand,
 * the runner's own flags by name, sorted, and how many other arguments there were. `jest --ci --coverage paths=1`.
 * Values and unknown flags are never shown. Null when the arguments are not known.
 */
export function normalizedSignature({ runner, intent, argv }: SignatureParts): string | null {
  const table = flagsOf(runner);
  const names = new Set<string>();
  const seen = new Map<string, readonly string[]>();
  const counts = { others: 0, unknown: 0, passed: 0 };
  let subcommand: string | null = null;
  if (argv.length === 0) {
    return null;
  }
  for (let at = 1; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument === '--') {
      counts[runner === 'turbo' ? 'passed' : 'others'] += argv.length - at - 1;
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      if (subcommand === null && counts.others === 0 && table.subcommands.has(argument)) {
        subcommand = argument;
      } else {
        counts.others++;
      }
      continue;
    }
    const flag = argument.split('=', 1)[0] ?? '';
    const found = seen.get(flag) ?? flagNames(flag, table);
    seen.set(flag, found);
    if (found.length === 0) {
      counts.unknown++;
    }
    for (const name of found) {
      names.add(name);
    }
    at += countValues(argv, at, found, table);
  }
  const shown = [...names].sort().map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  const counted = (label: string, count: number) => (count === 0 ? [] : [`${label}=${count}`]);
  return [
    intent ?? runner,
    ...(subcommand === null ? [] : [subcommand]),
    ...shown,
    ...counted('unknown', counts.unknown),
    ...counted(table.others, counts.others),
    ...counted('passed', counts.passed),
  ].join(' ');
}
