import { type Asker, judge, type Question } from './question.ts';

/** What the layer is told. */
export type Answer =
  | { readonly kind: 'pass' }
  /** Decided; layers below need not ask. The token is null when it could not be stored. */
  | { readonly kind: 'go'; readonly token: string | null; readonly lines: readonly string[] }
  /** It is to run as a governed run: dist/run-own.cjs takes it from here, and speaks of it. */
  | { readonly kind: 'govern' }
  | { readonly kind: 'blocked'; readonly lines: readonly string[] };

/**
 * Answers one layer's question. Most are about commands that have nothing to do with test runners; what else there is to an
 * answer is loaded only for the others.
 */
export function ask(question: Question, asker: Asker): Answer {
  const judged = judge(question, asker);
  if (judged.classification.verdict === 'none') return { kind: 'pass' };
  const part: typeof import('./answer-part.ts') = require('./answer-part.ts');
  return part.answer(judged);
}
