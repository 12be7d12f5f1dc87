import { applyEdits, type FormattingOptions, modify, type Node, parseTree } from 'jsonc-parser';

/** What new lines are to look like: as those that are there. */
function formattingOf(text: string): FormattingOptions {
  const indentation = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indentation.startsWith('\t'),
    tabSize: indentation.startsWith('\t') ? 1 : indentation.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** The value behind a name of an object. Where the name stands twice it is the last one, as JSON.parse has it. */
function lastNamed(object: Node, name: string): Node | undefined {
  const property = object.children?.findLast(({ children }) => children?.[0]?.value === name);
  return property?.children?.[1];
}

/** The innermost value that a path leads to, and the names behind it that are not there yet. */
function reach(
  tree: Node,
  path: readonly string[],
): { readonly node: Node; readonly missing: readonly string[] } {
  const [name, ...rest] = path;
  const next = name === undefined || tree.type !== 'object' ? undefined : lastNamed(tree, name);
  return next === undefined ? { node: tree, missing: path } : reach(next, rest);
}

/** A property behind the last one of an object, laid out as that one is. */
function behindLast(
  json: string,
  last: Node,
  name: string,
  value: unknown,
  { insertSpaces, tabSize, eol = '\n' }: FormattingOptions,
): string {
  const end = last.offset + last.length;
  const [blanks = ''] = /[ \t\r\n]*$/.exec(json.slice(0, last.offset)) ?? [];
  const indentation = blanks.slice(blanks.lastIndexOf('\n') + 1);
  const step = insertSpaces === true ? ' '.repeat(tabSize ?? 2) : '\t';
  const lines = JSON.stringify(value, null, blanks.includes('\n') ? step : 0).split('\n');
  const added = `,${blanks}${JSON.stringify(name)}: ${lines.join(`${eol}${indentation}`)}`;
  return json.slice(0, end) + added + json.slice(end);
}

/** The text of a config with one value in it; everything else keeps its place and its form. An empty text gets an object. */
export function withConfigValue(text: string, path: readonly string[], value: string | number): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const formattingOptions = formattingOf(text);
  const inner = text.slice(mark.length);
  const json = inner.trim() === '' ? `{}${formattingOptions.eol ?? '\n'}` : inner;
  const tree = parseTree(json);
  if (tree === undefined) return text;
  const { node, missing } = reach(tree, path);
  const [name, ...rest] = missing;
  if (name === undefined) {
    return mark + json.slice(0, node.offset) + JSON.stringify(value) + json.slice(node.offset + node.length);
  }
  const last = node.children?.at(-1);
  // Only a new line's own form is to be decided: the parser's formatter would lay out what stands before it anew.
  if (last !== undefined) {
    const nested = rest.reduceRight<unknown>((inside, key) => ({ [key]: inside }), value);
    return mark + behindLast(json, last, name, nested, formattingOptions);
  }
  return mark + applyEdits(json, modify(json, [...path], value, { formattingOptions }));
}
