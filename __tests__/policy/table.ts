import { describe, expect, test } from '@jest/globals';
import { classify } from '../../src/policy/classify.ts';
import type { Classification, ClassifyContext } from '../../src/policy/verdict.ts';
import { context } from './workspace-table.ts';

/**
 * One line of a table: the command line, what is expected of it (`verdict runner form intent`, as far as they are not null),
 * and for a bypass the replacement, where the row says one.
 */
export type Row = readonly [line: string, expected: string, replacement?: string];

/** `bypass jest npx jest`, `harmless turbo npx`, `none`. */
export function summary({ verdict, runner, form, intent }: Classification): string {
  return [verdict, runner, form, intent].filter((part) => part !== null).join(' ');
}

/** Declares one test for each row. */
export function classifies(title: string, rows: readonly Row[], where: ClassifyContext = context()): void {
  describe(title, () => {
    test.each(rows.map(([line, expected, replacement]) => ({ line, expected, replacement })))(
      '$line → $expected',
      ({ line, expected, replacement }) => {
        const found = classify(line, where);
        expect(summary(found)).toBe(expected);
        if (replacement !== undefined) expect(found.replacement).toBe(replacement);
        expect(found.replacement === null).toBe(found.verdict !== 'bypass');
      },
    );
  });
}

/** Declares that lines have no verdict but `none`. */
export function startsNothing(
  title: string,
  lines: readonly string[],
  where: ClassifyContext = context(),
): void {
  classifies(
    title,
    lines.map((line) => [line, 'none']),
    where,
  );
}
