import type { ClassBudgets } from '../../config.ts';
import { withConfigValue } from '../../config-text.ts';

/** The text of a config with these budgets in it; everything else keeps its place and its form. An empty text gets an object. */
export function withClassBudgets(text: string, budgets: ClassBudgets): string {
  return Object.entries(budgets).reduce(
    (result, [name, budget]) => withConfigValue(result, ['classBudgetsMb', name], budget),
    text,
  );
}
