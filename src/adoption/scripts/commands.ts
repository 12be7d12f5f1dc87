import type { Command, SyntaxNode, Word } from 'unbash';
import type { Argument } from '../../policy/argument.ts';
import { forEachChild, parse } from '../../policy/parser.ts';
import { isReadable } from '../../policy/readable.ts';
import { newScope } from '../../policy/scope.ts';
import { expandWord } from '../../policy/words.ts';

/** One word of a simple command, and where it stands in the script's text. */
export interface CommandWord {
  readonly argument: Argument;
  readonly start: number;
  readonly end: number;
}

/** A simple command of a script. */
export interface SimpleCommand {
  readonly words: readonly CommandWord[];
  /** The variables that are set in front of it, each with its name and value as they are written. */
  readonly assigned: readonly { readonly name: string; readonly text: string }[];
  readonly start: number;
  readonly end: number;
}

/** Nothing is known of variables here, so that a word stays one argument. Never changed. */
const unknown = newScope(null, null);

function wordAt(word: Word, offset: number): CommandWord {
  const [argument = { value: word.value, source: word.text }] = expandWord(word, unknown, []);
  return { argument, start: word.pos + offset, end: word.end + offset };
}

function simpleCommand(node: Command, offset: number): SimpleCommand | null {
  if (node.name === undefined) return null;
  const words = [wordAt(node.name, offset)];
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(wordAt(item, offset));
    if (item.type === 'Assignment') {
      const isPlain = item.value.type === 'Word' && item.value.parts === undefined;
      const argument = isPlain
        ? { value: `${item.name}=${item.value.type === 'Word' ? item.value.value : ''}`, source: null }
        : { value: item.text, source: item.text };
      words.push({ argument, start: item.pos + offset, end: item.end + offset });
    }
  }
  const assigned = node.prefix.flatMap((item) =>
    item.type === 'Assignment' ? [{ name: item.name, text: item.text }] : [],
  );
  return { words, assigned, start: node.pos + offset, end: node.end + offset };
}

/**
 * Every simple command of a shell text, at whatever depth, in the order in which they stand. Null when it cannot be parsed.
 * @param offset where the text begins in the script that holds it.
 */
export function simpleCommands(text: string, offset = 0): readonly SimpleCommand[] | null {
  if (!isReadable(text)) return null;
  const script = parse(text);
  if (script.errors !== undefined && script.errors.length > 0) return null;
  const commands: SimpleCommand[] = [];
  const pending: SyntaxNode[] = [...script.commands].reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'Command') {
      const command = simpleCommand(node, offset);
      if (command !== null) commands.push(command);
    }
    const children: SyntaxNode[] = [];
    switch (node.type) {
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        // With a text of its own (escaped backticks) its positions count in that, not here.
        if (node.script !== undefined && (node.script.source ?? text) === text) {
          children.push(...node.script.commands);
        }
        break;
      default:
        forEachChild(node, (child) => children.push(child));
    }
    for (const child of children.reverse()) pending.push(child);
  }
  return commands.sort((a, b) => a.start - b.start);
}
