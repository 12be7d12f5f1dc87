import type {
  Command,
  DoubleQuotedChild,
  LogicalOperator,
  ParsedScript,
  PipelineNode,
  Redirect,
  RedirectOperator,
  Statement,
  Word,
  WordPart,
} from 'unbash';
import { isAlphanumericAt, isDigits, isName } from '../characters.ts';

/** Words that begin something else than a simple command. */
const reserved: ReadonlySet<string> = new Set(
  'if then else elif fi for while until do done case esac in function select time coproc'.split(' '),
);

/** A line that is being read, and how far. */
interface Reader {
  readonly text: string;
  at: number;
}

/** What stands in quotes from the reader's place on and means itself; null where nothing is quoted, or not so. */
function quotedAt({ text, at }: Reader): string | null {
  const quote = text[at];
  if (quote !== "'" && quote !== '"') return null;
  const end = text.indexOf(quote, at + 1);
  const inside = text.slice(at + 1, Math.max(at + 1, end));
  const meaningful = quote === '"' ? '$`\\\n' : '\n';
  return end === -1 || [...meaningful].some((character) => inside.includes(character)) ? null : inside;
}

/** One part of a word: plain characters, or what stands in quotes and means itself. */
function takePart(reader: Reader): WordPart | null {
  const pos = reader.at;
  const value = quotedAt(reader);
  if (value === null) while (isAlphanumericAt(reader.text, reader.at, '_./:,@%+=-')) reader.at++;
  else reader.at += value.length + 2;
  const end = reader.at;
  if (end === pos) return null;
  const text = reader.text.slice(pos, end);
  if (value === null) return { type: 'Literal', pos, end, text, value: text };
  if (text.startsWith("'")) return { type: 'SingleQuoted', pos, end, text, value };
  const inside: DoubleQuotedChild = { type: 'Literal', pos: pos + 1, end: end - 1, text: value, value };
  return { type: 'DoubleQuoted', pos, end, text, parts: [inside] };
}

/** What a part stands for. */
function meaningOf({ type, text }: WordPart): string {
  return type === 'Literal' ? text : text.slice(1, -1);
}

/** Goes on behind what separates words; a line's end only at the very end. */
function takeBlank(reader: Reader): void {
  const { text, at } = reader;
  while (text[reader.at] === ' ' || text[reader.at] === '\t') reader.at++;
  if (reader.at > at) return;
  let end = at;
  while (text[end] === '\n') end++;
  if (end === text.length) reader.at = end;
}

/** Takes one of some signs, the longest of those that begin alike first; null where none of them stands, or a longer operator does. */
function takeSign(reader: Reader, signs: readonly string[], longer: string): string | null {
  const sign = signs.find((one) => reader.text.startsWith(one, reader.at));
  if (sign === undefined) return null;
  const next = reader.text[reader.at + sign.length];
  if (next !== undefined && longer.includes(next)) return null;
  reader.at += sign.length;
  return sign;
}

function takeWord(reader: Reader): Word | null {
  const pos = reader.at;
  const parts: WordPart[] = [];
  let value = '';
  for (let part = takePart(reader); part !== null; part = takePart(reader)) {
    value += meaningOf(part);
    parts.push(part);
  }
  const end = reader.at;
  if (end === pos) return null;
  const text = reader.text.slice(pos, end);
  const isQuoted = parts.some(({ type }) => type !== 'Literal');
  return { type: 'Word', text, value, pos, end, ...(isQuoted ? { parts } : {}) };
}

const redirectOperators: Readonly<Record<string, RedirectOperator>> = {
  '>': '>',
  '>>': '>>',
  '>&': '>&',
  '<': '<',
};

/** `2>`, `>>`, `2>&`, `<`, but nothing that begins a longer operator, and nothing that reads text (`<<`). */
function takeRedirect(reader: Reader): Redirect | 'none' | 'unclear' {
  const pos = reader.at;
  while (isDigits(reader.text[reader.at] ?? '')) reader.at++;
  const digits = reader.text.slice(pos, reader.at);
  const operator = redirectOperators[takeSign(reader, ['>&', '>>', '>', '<'], '<>&|(') ?? ''];
  if (operator === undefined) {
    reader.at = pos;
    return 'none';
  }
  takeBlank(reader);
  const target = takeWord(reader);
  if (target === null) return 'unclear';
  const descriptor =
    digits === ''
      ? undefined
      : ({ type: 'FileDescriptor', pos, end: pos + digits.length, value: Number(digits) } as const);
  return { type: 'Redirect', pos, end: target.end, operator, descriptor, target };
}

function isAssignment(word: string): boolean {
  const [before = '', after] = word.split('=', 2);
  return after !== undefined && isName(before.endsWith('+') ? before.slice(0, -1) : before);
}

/** What joins two commands: `&&`, `||`, `|` but not `|&`, `;` but not `;;`. */
function takeOperator(reader: Reader): string | null {
  return takeSign(reader, ['&&', '||'], '') ?? takeSign(reader, ['|'], '&') ?? takeSign(reader, [';'], ';');
}

/** A simple command without assignments; null when it is anything else. */
function takeCommand(reader: Reader): Command | null {
  takeBlank(reader);
  const args: Word[] = [];
  const redirects: Redirect[] = [];
  const items: (Word | Redirect)[] = [];
  let name: Word | undefined;
  for (;;) {
    const redirect = takeRedirect(reader);
    if (redirect === 'unclear') return null;
    if (redirect === 'none') {
      const word = takeWord(reader);
      if (word === null) break;
      // As a command's argument it would be one, too (`export A=1`).
      if (isAssignment(word.text)) return null;
      if (name === undefined) {
        name = word;
      } else {
        args.push(word);
        items.push(word);
      }
    } else {
      // In front of the command word it belongs to another list.
      if (name === undefined) return null;
      redirects.push(redirect);
      items.push(redirect);
    }
    takeBlank(reader);
  }
  if (name === undefined || reserved.has(name.text)) return null;
  const { pos } = name;
  const { end } = items.at(-1) ?? name;
  return { type: 'Command', pos, end, name, prefix: [], suffix: items, args, redirects };
}

function pipelineOf(commands: readonly Command[]): PipelineNode | null {
  const [first] = commands;
  const last = commands.at(-1);
  if (first === undefined || last === undefined || first === last) return first ?? null;
  const operators = commands.slice(1).map(() => '|' as const);
  return { type: 'Pipeline', pos: first.pos, end: last.end, prefixes: [], commands, operators };
}

function statementOf(
  commands: readonly PipelineNode[],
  operators: readonly LogicalOperator[],
): Statement | null {
  const [first] = commands;
  const last = commands.at(-1);
  if (first === undefined || last === undefined) return null;
  const { pos } = first;
  const { end } = last;
  const command = commands.length === 1 ? first : ({ type: 'AndOr', pos, end, commands, operators } as const);
  return { type: 'Statement', pos, end, command, background: undefined };
}

/**
 * Parses a line of simple commands (words without expansions, quotes, plain redirections) joined by `&&`, `||`, `|` and `;`, into the
 * tree that unbash gives for it, which a test compares over generated lines. Most lines that people and agents type are such, and
 * loading unbash costs the asker as much as everything else that it does with one.
 * @returns null for any other text, wrong or right: unbash knows.
 */
export function parsePlainLine(text: string): ParsedScript | null {
  const reader: Reader = { text, at: 0 };
  const statements: Statement[] = [];
  let commands: Command[] = [];
  let pipelines: PipelineNode[] = [];
  let operators: LogicalOperator[] = [];
  while (reader.at < text.length) {
    const command = takeCommand(reader);
    if (command === null) return null;
    commands.push(command);
    const operator = takeOperator(reader);
    if (operator === '|') continue;
    const pipeline = pipelineOf(commands);
    if (pipeline === null) return null;
    pipelines.push(pipeline);
    commands = [];
    if (operator === '&&' || operator === '||') {
      operators.push(operator);
      continue;
    }
    const statement = statementOf(pipelines, operators);
    if (statement === null) return null;
    statements.push(statement);
    pipelines = [];
    operators = [];
    if (operator === null) break;
    takeBlank(reader);
  }
  // An operator without a command behind it, or a character that means something.
  if (commands.length + pipelines.length > 0 || reader.at < text.length) return null;
  return { type: 'Script', shebang: undefined, pos: 0, end: text.length, commands: statements };
}
