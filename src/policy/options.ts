import { type Argument, slice } from './argument.ts';

/** One option as it stood among the arguments. */
export interface Option {
  /** With its dashes, without its value: `-k`, `--kill-after`. */
  readonly name: string;
  readonly value: Argument | null;
}

/** Arguments taken apart. */
export interface Parsed {
  readonly options: readonly Option[];
  readonly operands: readonly Argument[];
  /** What stands behind a `--`; null without one. In `leading` mode it is part of `operands` instead. */
  readonly tail: readonly Argument[] | null;
}

interface Reading {
  readonly options: readonly Option[];
  /** How many arguments were consumed. */
  readonly width: number;
}

function readLong(args: readonly Argument[], index: number, takesValue: ReadonlySet<string>): Reading {
  const argument = args[index];
  if (argument === undefined) return { options: [], width: 1 };
  const equals = argument.value.indexOf('=');
  if (equals !== -1) {
    const name = argument.value.slice(0, equals);
    return { options: [{ name, value: slice(argument, equals + 1) }], width: 1 };
  }
  if (!takesValue.has(argument.value)) return { options: [{ name: argument.value, value: null }], width: 1 };
  return { options: [{ name: argument.value, value: args[index + 1] ?? null }], width: 2 };
}

/** A cluster of short options: `-n5`, `-xn 5`. */
function readShort(args: readonly Argument[], index: number, takesValue: ReadonlySet<string>): Reading {
  const argument = args[index];
  if (argument === undefined) return { options: [], width: 1 };
  if (takesValue.has(argument.value)) {
    return { options: [{ name: argument.value, value: args[index + 1] ?? null }], width: 2 };
  }
  const options: Option[] = [];
  for (let at = 1; at < argument.value.length; at += 1) {
    const name = `-${argument.value[at]}`;
    if (!takesValue.has(name)) {
      options.push({ name, value: null });
      continue;
    }
    const attached = at + 1 < argument.value.length;
    options.push({ name, value: attached ? slice(argument, at + 1) : (args[index + 1] ?? null) });
    return { options, width: attached ? 1 : 2 };
  }
  return { options, width: 1 };
}

function parse(args: readonly Argument[], takesValue: ReadonlySet<string>, leading: boolean): Parsed {
  const options: Option[] = [];
  const operands: Argument[] = [];
  let index = 0;
  while (index < args.length) {
    const argument = args[index];
    if (argument === undefined) break;
    const { value } = argument;
    if (value === '--') {
      const tail = args.slice(index + 1);
      return leading ? { options, operands: tail, tail: null } : { options, operands, tail };
    }
    if (value.length < 2 || value[0] !== '-') {
      if (leading) return { options, operands: args.slice(index), tail: null };
      operands.push(argument);
      index += 1;
      continue;
    }
    const reading = value[1] === '-' ? readLong(args, index, takesValue) : readShort(args, index, takesValue);
    options.push(...reading.options);
    index += reading.width;
  }
  return { options, operands, tail: null };
}

/** Options up to the first operand (POSIX): everything from there on is `operands`. `--` ends them and is dropped. */
export function leadingOptions(args: readonly Argument[], takesValue: ReadonlySet<string>): Parsed {
  return parse(args, takesValue, true);
}

/** Options and operands in any order, up to `--`. */
export function mixedOptions(args: readonly Argument[], takesValue: ReadonlySet<string>): Parsed {
  return parse(args, takesValue, false);
}

/** The last value given for one of the names; undefined when none was given. */
export function lastValue(options: readonly Option[], ...names: readonly string[]): Argument | undefined {
  let found: Argument | undefined;
  for (const option of options) {
    if (names.includes(option.name) && option.value !== null) found = option.value;
  }
  return found;
}

/** Every value given for one of the names, in order. */
export function allValues(options: readonly Option[], ...names: readonly string[]): readonly Argument[] {
  return options.flatMap((option) =>
    names.includes(option.name) && option.value !== null ? [option.value] : [],
  );
}

/** True when one of the options stands there, with or without a value. */
export function has(options: readonly Option[], ...names: readonly string[]): boolean {
  return options.some((option) => names.includes(option.name));
}
