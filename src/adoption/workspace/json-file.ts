import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { errorCode } from '../../error-code.ts';
import { placeOf } from '../text-place.ts';
import type { Problem } from './problem.ts';

/** A JSON file whose values know where they stand. */
export interface JsonFile {
  /** Without its byte order mark, which node and npm strip as well. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  readonly tree: Node;
}

export type ReadJsonFile =
  | { readonly kind: 'read'; readonly file: JsonFile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly problem: Problem };

type Fault = Pick<Problem, 'kind' | 'problem'> & { readonly index: number };

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that JSON does not know',
  InvalidNumberFormat: 'a number that JSON does not allow',
  PropertyNameExpected: 'a name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'there is something behind the end of the JSON',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidCharacter: 'a control character stands in a string',
  InvalidEscapeCharacter: 'a backslash stands before a character that it cannot escape',
  InvalidUnicode: 'an escape needs four hexadecimal digits',
};

function faultOf(error: ParseError): Fault {
  const code = printParseErrorCode(error.error);
  if (code === 'InvalidCommentToken' || code === 'UnexpectedEndOfComment') {
    return {
      kind: 'comment',
      index: error.offset,
      problem: 'JSON has no comments, and package managers refuse the file because of this one',
    };
  }
  return { kind: 'syntax', index: error.offset, problem: `it is not JSON: ${words[code] ?? code}` };
}

/** The first property, at any depth, that repeats a name of its object: JSON.parse keeps the last, other readers the first. */
function duplicateKey(tree: Node): Fault | null {
  const pending = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const names = new Set<unknown>();
    for (const child of node.children ?? []) {
      pending.push(child);
      const key = child.type === 'property' ? child.children?.[0] : undefined;
      if (key === undefined) continue;
      if (names.has(key.value)) {
        const problem = `the name "${String(key.value)}" stands twice in one object: remove one of the two`;
        return { kind: 'duplicate-key', index: key.offset, problem };
      }
      names.add(key.value);
    }
  }
  return null;
}

function parse(text: string): { readonly tree: Node } | { readonly fault: Fault } {
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // The parser calls itself for each level, and has no more stack; other files are judged all the same.
    return { fault: { kind: 'syntax', index: 0, problem: 'it is nested too deeply to be read' } };
  }
  const [first] = errors;
  if (first !== undefined) return { fault: faultOf(first) };
  if (tree === undefined) return { fault: { kind: 'syntax', index: 0, problem: 'the file is empty' } };
  try {
    JSON.parse(text);
  } catch (error) {
    // The last word is that of the parser which package managers use.
    const detail = error instanceof Error ? error.message : String(error);
    return { fault: { kind: 'syntax', index: 0, problem: `it is not JSON: ${detail}` } };
  }
  if (tree.type !== 'object') {
    return { fault: { kind: 'not-an-object', index: tree.offset, problem: 'it holds no JSON object' } };
  }
  const duplicate = duplicateKey(tree);
  return duplicate === null ? { tree } : { fault: duplicate };
}

/**
 * Reads a JSON file that is to be edited by position. Strict as package managers are: comments, trailing commas, repeated
 * names and text that is not UTF-8 make it broken.
 * @param shown the file's name in a problem.
 */
export function readJsonFile(path: string, shown: string): ReadJsonFile {
  const broken = (kind: Problem['kind'], problem: string): ReadJsonFile => ({
    kind: 'broken',
    problem: { file: shown, line: 1, column: 1, kind, problem },
  });
  let bytes: Buffer;
  try {
    const stats = statSync(path);
    // Reading a pipe would wait for somebody who writes.
    if (!stats.isFile() && !stats.isDirectory())
      return broken('unreadable', 'it is a pipe or a device, and no file');
    bytes = readFileSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return broken('unreadable', `it cannot be read (${code ?? 'unknown'})`);
  }
  if (!isUtf8(bytes)) return broken('encoding', 'it is not UTF-8: save it as UTF-8');
  const whole = bytes.toString('utf8');
  const hasByteOrderMark = whole.startsWith('\uFEFF');
  const text = hasByteOrderMark ? whole.slice(1) : whole;
  const parsed = parse(text);
  if ('tree' in parsed) return { kind: 'read', file: { text, hasByteOrderMark, tree: parsed.tree } };
  const { index, kind, problem } = parsed.fault;
  return { kind: 'broken', problem: { file: shown, ...placeOf(text, index), kind, problem } };
}
