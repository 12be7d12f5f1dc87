import type { MarkdownIt as Parser, Token } from 'markdown-it';
import type { Range } from './finding.ts';
import { type Lines, offsetAt, splitLines } from './lines.ts';
import { type Dialect, parseInline, parserFor, positionOf } from './markdown-parser.ts';

/** One line of a code block, without the indentation and the quote marks before it. */
export interface CodeLine {
  readonly text: string;
  /** Where `text` begins in the file. */
  readonly at: number;
}

/** A fence or an indented block. */
export interface CodeBlock {
  readonly kind: 'fence' | 'indented';
  /** The first word of the info string in lower case (`bash`, `console`); null when there is none. */
  readonly language: string | null;
  readonly lines: readonly CodeLine[];
  /** False for a fence that the end of the file, or of the list or quote around it, had to close. */
  readonly isClosed: boolean;
  /** The opening line of a fence, the first line of an indented block. */
  readonly opening: Range;
}

/** A code span. */
export interface CodeSpan {
  /** What is between the backticks, as Markdown reads it. */
  readonly text: string;
  /** The backticks on one side. */
  readonly marker: string;
  /** From the first backtick to behind the last, in the file. */
  readonly range: Range;
  /** The text of the same paragraph before and after it, as much as its sentence can need. */
  readonly before: string;
  readonly after: string;
  /** Within a table a `|` is written `\|`. */
  readonly isInTable: boolean;
}

/** An HTML comment and what it speaks about. */
export interface Comment {
  /** What is between `<!--` and `-->`. */
  readonly text: string;
  readonly range: Range;
  /** The block after it, among its siblings; null when it is the last, or stands inside a paragraph. */
  readonly next: Range | null;
  readonly isInline: boolean;
}

/** What docs-lint looks at in a Markdown file, each kind in the order of the file. */
export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  readonly spans: readonly CodeSpan[];
  readonly comments: readonly Comment[];
}

/** YAML or TOML before the document, with its lines emptied: it is no Markdown, and its lines still count. */
function withoutFrontMatter(text: string): string {
  const matter =
    /^(?:---[ \t]*\r?\n[\s\S]*?\n(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n[\s\S]*?\n\+\+\+)[ \t]*(?=\r?\n|$)/.exec(
      text,
    );
  return matter === null ? text : matter[0].replace(/[^\r\n]/g, '') + text.slice(matter[0].length);
}

function languageOf(info: string): string | null {
  // `bash title="x"`, `{.bash}` of Pandoc, `{bash}` of R Markdown, `sh,ignore`.
  return /^[{.\s]*(?:language-)?([\w+#-]+)/.exec(info)?.[1]?.toLowerCase() ?? null;
}

function contentLines(content: string): readonly string[] {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function lineRange(source: Lines, line: number): Range {
  const start = offsetAt(source, line, 0);
  return { start, end: start + (source.lines[line]?.length ?? 0) };
}

function blockRange(source: Lines, [first, behind]: readonly [number, number]): Range {
  return { start: offsetAt(source, first, 0), end: offsetAt(source, behind, 0) };
}

/**
 * The lines of a block's content in the file. Each is the end of its line there: only what stands before it (quote marks,
 * list indentation) was taken away. A tab that was taken in part comes back as spaces, so the leading blanks are left out.
 */
function locateLines(source: Lines, first: number, content: string): readonly CodeLine[] {
  return contentLines(content).map((line, index) => {
    const text = line.trimStart();
    const length = source.lines[first + index]?.length ?? 0;
    return { text, at: offsetAt(source, first + index, Math.max(0, length - text.length)) };
  });
}

function codeBlock(token: Token, source: Lines): CodeBlock | null {
  if (token.map === null) return null;
  const [first, behind] = token.map;
  const isFence = token.type === 'fence';
  const lines = locateLines(source, isFence ? first + 1 : first, token.content);
  return {
    kind: isFence ? 'fence' : 'indented',
    language: isFence ? languageOf(token.info) : null,
    lines,
    isClosed: !isFence || behind - first - 1 > lines.length,
    opening: lineRange(source, first),
  };
}

/** Where each offset of an inline content is in the file. */
type Locate = (offset: number) => number;

/** Locates a paragraph's or a heading's text: each of its lines is, but for blanks and closing `#`s, the end of one line. */
function locateInLines(source: Lines, first: number, content: string): Locate {
  /** Where each line begins in the content, and the same place in the file. */
  const starts: { readonly content: number; readonly file: number }[] = [];
  let start = 0;
  for (const [index, line] of content.split('\n').entries()) {
    const text = line.trim();
    const column = Math.max(0, source.lines[first + index]?.lastIndexOf(text) ?? 0);
    const indentation = line.length - line.trimStart().length;
    starts.push({ content: start, file: offsetAt(source, first + index, column) - indentation });
    start += line.length + 1;
  }
  return (offset) => {
    const line = starts.findLast((begin) => begin.content <= offset);
    return line === undefined ? offset : line.file + offset - line.content;
  };
}

/** Locates a table cell, in which `\|` stands for `|`; the search begins where the cell before it ended. */
function locateInCell(
  source: Lines,
  line: number,
  content: string,
  from: number,
): { readonly locate: Locate; readonly end: number } {
  const written = content.replaceAll('|', '\\|');
  const column = source.lines[line]?.indexOf(written, from) ?? -1;
  const begin = offsetAt(source, line, Math.max(column, 0));
  /** How many bars, each with its backslash, stand before a character. */
  const bars = new Uint32Array(content.length + 1);
  for (let index = 0; index < content.length; index += 1) {
    bars[index + 1] = (bars[index] ?? 0) + (content[index] === '|' ? 1 : 0);
  }
  return {
    locate: (offset) => begin + offset + (bars[offset] ?? 0),
    end: column < 0 ? from : column + written.length,
  };
}

/** Longer than sentences are. */
const contextLength = 500;

/** The code spans, and the HTML comments that stand inside a paragraph. */
function inlineParts(
  content: string,
  locate: Locate,
  parser: Parser,
  isInTable: boolean,
): { readonly spans: readonly CodeSpan[]; readonly comments: readonly Comment[] } {
  const spans: CodeSpan[] = [];
  const comments: Comment[] = [];
  for (const token of parseInline(content, parser)) {
    const position = positionOf(token);
    if (position === null) continue;
    const range = { start: locate(position.start), end: locate(position.end - 1) + 1 };
    if (token.type === 'code_inline') {
      spans.push({
        text: token.content,
        marker: token.markup,
        range,
        before: content.slice(Math.max(0, position.start - contextLength), position.start),
        after: content.slice(position.end, position.end + contextLength),
        isInTable,
      });
    } else if (token.type === 'html_inline' && token.content.startsWith('<!--')) {
      comments.push({ text: token.content.slice(4, -3), range, next: null, isInline: true });
    }
  }
  return { spans, comments };
}

/** The comments of MDX that stand inside a paragraph, and in none of its code spans. */
function mdxInlineComments(content: string, locate: Locate, spans: readonly CodeSpan[]): readonly Comment[] {
  return [...content.matchAll(mdxComment)].flatMap((match) => {
    const start = locate(match.index);
    const range = { start, end: locate(match.index + match[0].length - 1) + 1 };
    const isCode = spans.some((span) => span.range.start <= start && start < span.range.end);
    return isCode ? [] : [{ text: match[1] ?? '', range, next: null, isInline: true }];
  });
}

/** The index of the token behind a block's last one. */
function behind(tokens: readonly Token[], index: number): number {
  const level = tokens[index]?.level;
  let next = index + 1;
  if (tokens[index]?.nesting === 1) {
    while (next < tokens.length && (tokens[next]?.level !== level || tokens[next]?.nesting !== -1)) next += 1;
    next += 1;
  }
  return next;
}

const htmlComment = /<!--([\s\S]*?)-->/g;
/** What MDX has for comments: `{/* … *\/}`, alone in a paragraph. */
const mdxComment = /\{\/\*([\s\S]*?)\*\/\}/g;

function isOnlyComments(content: string, pattern: RegExp): boolean {
  return content.replace(pattern, '').trim() === '';
}

/** The block that a comment speaks about: the next sibling that is no comment itself. */
function blockAfter(
  tokens: readonly Token[],
  index: number,
  pattern: RegExp,
): readonly [number, number] | null {
  let next = behind(tokens, index);
  for (;;) {
    const token = tokens[next];
    if (token === undefined || token.nesting === -1) return null;
    const text = token.type === 'paragraph_open' ? tokens[next + 1]?.content : token.content;
    const isComment =
      ['html_block', 'paragraph_open'].includes(token.type) && isOnlyComments(text ?? '', pattern);
    if (!isComment) return token.map;
    next = behind(tokens, next);
  }
}

/** The comments of a block of HTML, or of a paragraph of MDX. */
function commentsIn(
  source: Lines,
  [first, last]: readonly [number, number],
  pattern: RegExp,
  next: readonly [number, number] | null,
): readonly Comment[] {
  const start = offsetAt(source, first, 0);
  const text = source.text.slice(start, offsetAt(source, last, 0));
  return [...text.matchAll(pattern)].map((match) => ({
    text: match[1] ?? '',
    range: { start: start + match.index, end: start + match.index + match[0].length },
    next: next === null ? null : blockRange(source, next),
    isInline: false,
  }));
}

/** Parses a Markdown file. Never throws; whatever it holds is some Markdown. */
export function parseMarkdown(text: string, dialect: Dialect): Markdown {
  const source = splitLines(text);
  const parser = parserFor(dialect);
  const tokens = parser.parse(withoutFrontMatter(text), {});
  const pattern = dialect === 'mdx' ? mdxComment : htmlComment;
  const blocks: CodeBlock[] = [];
  const spans: CodeSpan[] = [];
  const comments: Comment[] = [];
  /** The table row that the tokens are in, and how far into its line cells were found. */
  let row: { readonly line: number; readonly end: number } | null = null;

  for (const [index, token] of tokens.entries()) {
    switch (token.type) {
      case 'fence':
      case 'code_block': {
        const block = codeBlock(token, source);
        if (block !== null) blocks.push(block);
        break;
      }
      case 'html_block':
        if (token.map !== null && token.content.includes('<!--')) {
          comments.push(...commentsIn(source, token.map, pattern, blockAfter(tokens, index, pattern)));
        }
        break;
      case 'tr_open':
        row = token.map === null ? null : { line: token.map[0], end: 0 };
        break;
      case 'tr_close':
        row = null;
        break;
      case 'inline': {
        const map = row === null ? token.map : ([row.line, row.line + 1] as const);
        if (map === null) break;
        if (dialect === 'mdx' && row === null && isOnlyComments(token.content, pattern)) {
          comments.push(...commentsIn(source, map, pattern, blockAfter(tokens, index - 1, pattern)));
        } else if (/`|<!--|\{\/\*/.test(token.content)) {
          let locate: Locate;
          if (row === null) {
            locate = locateInLines(source, map[0], token.content);
          } else {
            const cell = locateInCell(source, row.line, token.content, row.end);
            locate = cell.locate;
            row = { line: row.line, end: cell.end };
          }
          const parts = inlineParts(token.content, locate, parser, row !== null);
          spans.push(...parts.spans);
          comments.push(...parts.comments);
          if (dialect === 'mdx') comments.push(...mdxInlineComments(token.content, locate, parts.spans));
        }
        break;
      }
      default:
    }
  }
  return { blocks, spans, comments };
}
