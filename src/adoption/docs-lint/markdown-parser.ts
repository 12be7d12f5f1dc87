import MarkdownIt, { type MarkdownIt as Parser, type StateInline, type Token } from 'markdown-it';

/** `commonmark` is Markdown as GitHub shows it; MDX has neither HTML nor indented code. */
export type Dialect = 'commonmark' | 'mdx';

/** Where an inline token stands in the content of its block. */
export type Position = { readonly start: number; readonly end: number };

/** Makes an inline rule note on its token where in the content it began and ended; markdown-it keeps that of blocks alone. */
function notePositions(parser: Parser, name: string): void {
  const { ruler } = parser.inline;
  ruler.enableOnly([name]);
  const [rule] = ruler.getRules('');
  ruler.at(name, (state: StateInline, silent: boolean) => {
    const start = state.pos;
    if (rule === undefined || !rule(state, silent)) return false;
    const token = state.tokens.at(-1);
    // A lone backtick is text: it waits in `pending`, and has no token yet.
    if (!silent && token !== undefined && state.pending === '') {
      token.meta = { start, end: state.pos } satisfies Position;
    }
    return true;
  });
}

/**
 * A parser that finds blocks, and on demand code spans and HTML with their positions, and skips what cannot change either:
 * links, emphasis, entities. Code spans bind tighter than all of these (CommonMark 0.31, section 6.1).
 */
function createParser(dialect: Dialect): Parser {
  const parser = new MarkdownIt({ html: dialect === 'commonmark' });
  parser.core.ruler.enableOnly(['normalize', 'block']);
  if (dialect === 'mdx') parser.block.ruler.disable(['code', 'html_block']);
  for (const name of ['backticks', 'html_inline']) notePositions(parser, name);
  parser.inline.ruler.enableOnly(['text', 'escape', 'backticks', 'autolink', 'html_inline']);
  parser.inline.ruler2.enableOnly([]);
  return parser;
}

const parsers = new Map<Dialect, Parser>();

/** The parser of a dialect, made once. */
export function parserFor(dialect: Dialect): Parser {
  const known = parsers.get(dialect);
  if (known !== undefined) return known;
  const parser = createParser(dialect);
  parsers.set(dialect, parser);
  return parser;
}

/** Where an inline token was found; null for one whose rule does not note it. */
export function positionOf(token: Token): Position | null {
  const { start, end } = token.meta ?? {};
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null;
}

/** The inline tokens of a block's content. */
export function parseInline(content: string, parser: Parser): readonly Token[] {
  const tokens: Token[] = [];
  parser.inline.parse(content, parser, {}, tokens);
  return tokens;
}
