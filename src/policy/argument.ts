/** One argument of a command, as far as it is known before the command runs. */
export interface Argument {
  /** What the program gets. Where `source` is set, expansions stand in it as they were written. */
  readonly value: string;
  /** Null when `value` is exactly what the program gets; else the words as they were written (`"$FILE"`, `src/*.ts`, `$(cat list)`). */
  readonly source: string | null;
}

/** A variable that a command line sets for what it starts. */
export interface Assignment {
  readonly name: string;
  readonly value: Argument;
}

/** An argument whose value is known. */
export function literal(value: string): Argument {
  return { value, source: null };
}

/** True when the program gets exactly `value`. */
export function isLiteral(argument: Argument | undefined): argument is Argument {
  return argument !== undefined && argument.source === null;
}

/** The part of an argument from `index` on: `--dir=$X` gives `$X`. Expansions keep their spelling only where no quote was cut. */
export function slice(argument: Argument, index: number): Argument {
  const value = argument.value.slice(index);
  return { value, source: argument.source === null ? null : value };
}

/** Splits `NAME=value`; null when the argument is no assignment. */
export function splitAssignment(argument: Argument): Assignment | null {
  const name = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(argument.value)?.[1];
  if (name === undefined) return null;
  const start = name.length + 1;
  const source = argument.source?.startsWith(`${name}=`) ? argument.source.slice(start) : argument.source;
  return { name, value: { value: argument.value.slice(start), source } };
}

/** Splits the leading `NAME=value` words off a command. */
export function splitAssignments(args: readonly Argument[]): {
  readonly assignments: readonly Assignment[];
  readonly rest: readonly Argument[];
} {
  const assignments: Assignment[] = [];
  for (const argument of args) {
    const assignment = splitAssignment(argument);
    if (assignment === null) break;
    assignments.push(assignment);
  }
  return { assignments, rest: args.slice(assignments.length) };
}

/**
 * The value of an argument where patterns are expected (`test:*`, `./packages/*`): the shell leaves a pattern that matches
 * no file as it is. Null when it holds an expansion.
 */
export function patternValue(argument: Argument): string | null {
  return argument.source === null || !/[$`~]/.test(argument.source) ? argument.value : null;
}
