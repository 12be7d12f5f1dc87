import { applyEdits, type FormattingOptions, modify } from 'jsonc-parser';
import type { ClassBudgets } from '../../config.ts';

/** What new lines are to look like: as those that are there. */
function formattingOf(text: string): FormattingOptions {
  const indentation = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indentation.startsWith('\t'),
    tabSize: indentation.startsWith('\t') ? 1 : indentation.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** The text of a config with these budgets in it; everything else keeps its place and its form. An empty text gets an object. */
export function withClassBudgets(text: string, budgets: ClassBudgets): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  let result = text.slice(mark.length);
  const formattingOptions = formattingOf(result);
  if (result.trim() === '') result = `{}${formattingOptions.eol ?? '\n'}`;
  for (const [name, budget] of Object.entries(budgets)) {
    result = applyEdits(result, modify(result, ['classBudgetsMb', name], budget, { formattingOptions }));
  }
  return mark + result;
}
