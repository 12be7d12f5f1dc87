import type { Argument, Assignment } from '../argument.ts';
import type { Form } from '../verdict.ts';

/** Where a launcher starts its command. */
export type Place =
  /** A path, relative to the working directory. */
  | {
      readonly kind: 'path';
      readonly path: Argument;
      /** The package must lie there and not above (npm's `--prefix`); every other program looks upward from it. */
      readonly isPackage: boolean;
    }
  /** Workspace members by name or path. */
  | {
      readonly kind: 'members';
      readonly selectors: readonly Argument[];
      /** A directory selects the members below it (npm). */
      readonly takesDirectories: boolean;
    }
  /** Every member of the workspace; npm and yarn can be told to take the root package too. */
  | { readonly kind: 'all-members'; readonly withRoot: boolean }
  | { readonly kind: 'workspace-root' };

/** How a launcher names scripts. */
export type ScriptNames =
  | { readonly kind: 'name'; readonly name: string }
  /** npm-run-all's and concurrently's patterns: `*` ends at a colon, `**` does not. */
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** pnpm's `/^test:/`, without the slashes. */
  | { readonly kind: 'expression'; readonly expression: string };

/**
 * What a launcher gives its command, and so whether a replacement has to keep it: nothing that the governed run does not
 * decide by itself (`timeout`, `nice`, `npx`); its arguments (`xargs`, `find -exec`); the environment or the user that it needs
 * (`uv run`, `sudo`), the same from a program that is a package's (`dotenv`).
 */
export type Stays = 'no' | 'arguments' | 'environment' | 'package-environment';

/** What a launcher starts with the arguments that it was given. */
export type Start =
  /** A command, looked up as the shell or the launcher itself does. */
  | {
      readonly kind: 'argv';
      readonly args: readonly Argument[];
      /** The form that a runner reached by this is said to have; null leaves it to what stands further in or out. */
      readonly via: Form | null;
      readonly assignments: readonly Assignment[];
      readonly place: Place | null;
      /** The first argument is a package or one of its programs (`jest@29`). */
      readonly isPackage: boolean;
      /** Whether a replacement keeps the launcher in front of the governed command. */
      readonly stays: Stays;
      /** Words of the launcher behind the command (`find`'s `;`). */
      readonly after: readonly Argument[];
    }
  /** A script of a package.json. */
  | {
      readonly kind: 'script';
      /** Which ones of the package's. */
      readonly names: ScriptNames;
      /** Appended to the script's text. */
      readonly args: readonly Argument[];
      readonly place: Place | null;
      /** What runs when there is no such script. */
      readonly otherwise: Start | null;
    }
  /** Text that a shell parses and runs. */
  | {
      readonly kind: 'shell';
      readonly text: Argument;
      /** `$1`, `$2`, … inside it. */
      readonly positional: readonly Argument[];
      readonly via: Form | null;
      readonly assignments: readonly Assignment[];
      readonly place: Place | null;
      /** The running shell itself reads it (`eval`), so that its directory, variables and functions hold. */
      readonly isSameShell: boolean;
    }
  /** A shell that reads its commands from standard input. */
  | { readonly kind: 'stdin'; readonly positional: readonly Argument[]; readonly place: Place | null };

/** Knows which commands a program starts with given arguments. */
export interface Launcher {
  readonly names: readonly string[];
  /** The commands that it starts; none when it starts none, or none that can be known. Pure. */
  starts(args: readonly Argument[], name: string): readonly Start[];
}

/** A command to start. */
export function argv(
  args: readonly Argument[],
  more: Partial<Omit<Extract<Start, { kind: 'argv' }>, 'kind' | 'args'>> = {},
): readonly Start[] {
  if (args.length === 0) return [];
  return [
    {
      kind: 'argv',
      args,
      via: null,
      assignments: [],
      place: null,
      isPackage: false,
      stays: 'no',
      after: [],
      ...more,
    },
  ];
}

/** Shell text to parse and follow. */
export function shellText(
  text: Argument | undefined,
  more: Partial<Omit<Extract<Start, { kind: 'shell' }>, 'kind' | 'text'>> = {},
): readonly Start[] {
  if (text === undefined) return [];
  return [
    {
      kind: 'shell',
      text,
      positional: [],
      via: null,
      assignments: [],
      place: null,
      isSameShell: false,
      ...more,
    },
  ];
}

/** A package script to follow. */
export function script(
  name: string,
  args: readonly Argument[] = [],
  more: Partial<Omit<Extract<Start, { kind: 'script' }>, 'kind' | 'names' | 'args'>> = {},
): readonly Start[] {
  return [{ kind: 'script', names: { kind: 'name', name }, args, place: null, otherwise: null, ...more }];
}

/** Every package script that a pattern with `*` matches. */
export function scripts(pattern: string, args: readonly Argument[] = []): readonly Start[] {
  if (!pattern.includes('*')) return script(pattern, args);
  return [{ kind: 'script', names: { kind: 'pattern', pattern }, args, place: null, otherwise: null }];
}

/** Starts one start somewhere else, where it does not say itself where. */
export function startsAt(starts: readonly Start[], place: Place | null): readonly Start[] {
  if (place === null) return starts;
  return starts.map((start) => (start.place === null ? { ...start, place } : start));
}

/** Several words as one text, as `eval`, `watch` and `ssh` join them; expansions stay opaque. */
export function joined(args: readonly Argument[]): Argument | undefined {
  if (args.length === 0) return undefined;
  const value = args.map((argument) => argument.value).join(' ');
  return { value, source: args.every((argument) => argument.source === null) ? null : value };
}
