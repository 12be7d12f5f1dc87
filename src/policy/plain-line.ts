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

/** One part of a word: plain characters, or what stands in quotes and means itself. */
const partPattern = /[A-Za-z0-9_./:,@%+=-]+|'([^'\n]*)'|"([^"$`\\\n]*)"/y;

/** What separates words; a line's end only at the very end. */
const blankPattern = /[ \t]+|\n+$/y;

/** `2>`, `>>`, `2>&`, `<`, but nothing that begins a longer operator, and nothing that reads text (`<<`). */
const redirectPattern = /([0-9]*)(>&|>>|>|<)(?![<>&|(])/y;

const operatorPattern = /&&|\|\||\|(?!&)|;(?!;)/y;

/** Words that begin something else than a simple command. */
const reserved: ReadonlySet<string> = new Set(
  'if then else elif fi for while until do done case esac in function select time coproc'.split(' '),
);

/** A line that is being read, and how far. */
interface Reader {
  readonly text: string;
  at: number;
}

/** What `pattern` finds exactly where the reader stands, which then goes on behind it. */
function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found !== null) reader.at = pattern.lastIndex;
  return found;
}

function partOf(text: string, pos: number, single: string | undefined, double: string | undefined): WordPart {
  const end = pos + text.length;
  if (single !== undefined) return { type: 'SingleQuoted', pos, end, text, value: single };
  if (double === undefined) return { type: 'Literal', pos, end, text, value: text };
  const inside: DoubleQuotedChild = {
    type: 'Literal',
    pos: pos + 1,
    end: end - 1,
    text: double,
    value: double,
  };
  return { type: 'DoubleQuoted', pos, end, text, parts: [inside] };
}

function takeWord(reader: Reader): Word | null {
  const pos = reader.at;
  const parts: WordPart[] = [];
  let value = '';
  let isQuoted = false;
  for (let found = take(reader, partPattern); found !== null; found = take(reader, partPattern)) {
    const [text, single, double] = found;
    isQuoted ||= text !== (single ?? double ?? text);
    value += single ?? double ?? text;
    parts.push(partOf(text, found.index, single, double));
  }
  const end = reader.at;
  if (end === pos) return null;
  const text = reader.text.slice(pos, end);
  return { type: 'Word', text, value, pos, end, ...(isQuoted ? { parts } : {}) };
}

const redirectOperators: Readonly<Record<string, RedirectOperator>> = {
  '>': '>',
  '>>': '>>',
  '>&': '>&',
  '<': '<',
};

function takeRedirect(reader: Reader): Redirect | 'none' | 'unclear' {
  const found = take(reader, redirectPattern);
  const [, digits = '', sign = ''] = found ?? [];
  const operator = redirectOperators[sign];
  if (found === null || operator === undefined) return 'none';
  const pos = found.index;
  take(reader, blankPattern);
  const target = takeWord(reader);
  if (target === null) return 'unclear';
  const descriptor =
    digits === ''
      ? undefined
      : ({ type: 'FileDescriptor', pos, end: pos + digits.length, value: Number(digits) } as const);
  return { type: 'Redirect', pos, end: target.end, operator, descriptor, target };
}

/** A simple command without assignments; null when it is anything else. */
function takeCommand(reader: Reader): Command | null {
  take(reader, blankPattern);
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
      if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(word.text)) return null;
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
    take(reader, blankPattern);
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
    const operator = take(reader, operatorPattern)?.[0];
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
    if (operator === undefined) break;
    take(reader, blankPattern);
  }
  // An operator without a command behind it, or a character that means something.
  if (commands.length + pipelines.length > 0 || reader.at < text.length) return null;
  return { type: 'Script', shebang: undefined, pos: 0, end: text.length, commands: statements };
}
