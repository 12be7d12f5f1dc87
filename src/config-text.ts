import { applyEdits, type FormattingOptions, type JSONPath, modify } from 'jsonc-parser';

/** What new lines are to look like: as those that are there. */
function formattingOf(text: string): FormattingOptions {
  const indentation = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indentation.startsWith('\t'),
    tabSize: indentation.startsWith('\t') ? 1 : indentation.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** The text of a config with one value in it; everything else keeps its place and its form. An empty text gets an object. */
export function withConfigValue(text: string, path: JSONPath, value: string | number): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const formattingOptions = formattingOf(text);
  const inner = text.slice(mark.length);
  const json = inner.trim() === '' ? `{}${formattingOptions.eol ?? '\n'}` : inner;
  return mark + applyEdits(json, modify(json, path, value, { formattingOptions }));
}
