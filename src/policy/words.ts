import type { Assignment as AssignmentNode, CommandArgument, Word, WordPart } from 'unbash';
import { type Argument, type Assignment, literal } from './argument.ts';
import type { Scope } from './scope.ts';

/** Words that stand for arguments from outside the text (those that npm appends to a script). */
const placeholder = /^\uE000(\d+)\uE001$/;

/** Text that, as a word of a shell text, stands for the argument with this index. */
export function placeholderText(index: number): string {
  return `\uE000${index}\uE001`;
}

/** The variable's name in `$x` and `${x}`; undefined for anything with an operation. */
function variableName(part: WordPart): string | undefined {
  if (part.type === 'SimpleExpansion') return part.text.slice(1);
  if (part.type !== 'ParameterExpansion') return undefined;
  const isPlain = part.operation === undefined && part.index === undefined && part.prefix === undefined;
  return isPlain ? part.parameter : undefined;
}

function lookUp(name: string, scope: Scope): string | undefined {
  if (/^[1-9][0-9]*$/.test(name)) {
    const argument = scope.positional?.[Number(name) - 1];
    return argument?.source === null ? argument.value : undefined;
  }
  return scope.variables.get(name);
}

/** The positional argument that a word is, alone (`$1`, `"$1"`). */
function onlyPositional(parts: readonly WordPart[], scope: Scope): Argument | undefined {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only === undefined) return undefined;
  if (only.type === 'DoubleQuoted') return onlyPositional(only.parts, scope);
  const name = variableName(only);
  return name !== undefined && /^[1-9][0-9]*$/.test(name) ? scope.positional?.[Number(name) - 1] : undefined;
}

/** The value of the parts; undefined when one of them is not known. */
function partsValue(parts: readonly WordPart[], scope: Scope): string | undefined {
  let value = '';
  for (const part of parts) {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        value += part.value;
        break;
      case 'DoubleQuoted':
      case 'LocaleString': {
        const inner = partsValue(part.parts, scope);
        if (inner === undefined) return undefined;
        value += inner;
        break;
      }
      case 'SimpleExpansion':
      case 'ParameterExpansion': {
        const name = variableName(part);
        const known = name === undefined ? undefined : lookUp(name, scope);
        if (known === undefined) return undefined;
        value += known;
        break;
      }
      default:
        return undefined;
    }
  }
  return value;
}

/** `$@`, `"$@"`, `$*` as the only part of a word: the positional arguments themselves. */
function isAllArguments(parts: readonly WordPart[]): boolean {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only === undefined) return false;
  if (only.type === 'DoubleQuoted') return isAllArguments(only.parts);
  const name = variableName(only);
  return name === '@' || name === '*';
}

function opaque(word: Word): Argument {
  return { value: word.value, source: word.text };
}

/**
 * The arguments that a word becomes: one, none, or several (`$cmd` with a known value of two words, `"$@"`).
 * @param appended what the placeholders in this text stand for.
 */
export function expandWord(word: Word, scope: Scope, appended: readonly Argument[]): readonly Argument[] {
  const { parts } = word;
  if (parts === undefined) {
    if (word.text.startsWith('~')) return [opaque(word)];
    if (appended.length > 0) {
      const index = placeholder.exec(word.text)?.[1];
      const argument = index === undefined ? undefined : appended[Number(index)];
      if (argument !== undefined) return [argument];
    }
    return [literal(word.value)];
  }
  if (scope.positional !== null && isAllArguments(parts)) return scope.positional;
  const value = partsValue(parts, scope);
  if (value === undefined) return [onlyPositional(parts, scope) ?? opaque(word)];
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only?.type === 'SimpleExpansion' || only?.type === 'ParameterExpansion') {
    return value
      .split(/[ \t\n]+/)
      .filter((field) => field !== '')
      .map(literal);
  }
  return [literal(value)];
}

/** The one value of a word (a redirection's target, an assignment's right side). */
export function wordValue(word: Word, scope: Scope): Argument {
  if (word.parts === undefined) return word.text.startsWith('~') ? opaque(word) : literal(word.value);
  const value = partsValue(word.parts, scope);
  return value === undefined ? opaque(word) : literal(value);
}

/** `NAME=value` of a command line; null for arrays, `+=` and indexed elements, which no program inherits. */
export function readAssignment(node: AssignmentNode, scope: Scope): Assignment | null {
  if (node.append === true || node.index !== undefined || node.value.type !== 'Word') return null;
  return { name: node.name, value: wordValue(node.value, scope) };
}

/** A command's argument, which may look like an assignment (`env A=1`, `export A=1`). */
export function expandArgument(
  node: CommandArgument,
  scope: Scope,
  appended: readonly Argument[],
): readonly Argument[] {
  if (node.type === 'Word') return expandWord(node, scope, appended);
  const assignment = readAssignment(node, scope);
  if (assignment === null) return [{ value: node.text, source: node.text }];
  const { value, source } = assignment.value;
  return [{ value: `${assignment.name}=${value}`, source: source === null ? null : node.text }];
}
