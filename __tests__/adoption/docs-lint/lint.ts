import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { TextFinding } from '../../../src/adoption/docs-lint/finding.ts';
import { placeAt, splitLines } from '../../../src/adoption/docs-lint/lines.ts';
import { lintText } from '../../../src/adoption/docs-lint/lint-text.ts';
import type { Dialect } from '../../../src/adoption/docs-lint/markdown-parser.ts';
import { applyEdits } from '../../../src/adoption/edit.ts';
import { openClassifier } from '../../../src/guard/classifier.ts';

const homes: string[] = [];
afterAll(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

/** A directory with these files; removed after the tests of the file. */
export function project(files: Readonly<Record<string, string | Buffer>>): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'docs-lint é ')));
  homes.push(home);
  for (const [name, content] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return home;
}

/** A workspace whose `test` scripts start jest (at the top) and vitest (in `packages/web`). */
export const workspace = {
  'package.json': JSON.stringify({
    name: 'top',
    workspaces: ['packages/*'],
    scripts: { test: 'jest --ci', lint: 'eslint .', 'test:governed': 'test-governor run' },
  }),
  'packages/web/package.json': JSON.stringify({ name: 'web', scripts: { test: 'vitest run' } }),
};

let shared: { readonly directory: string; readonly classifier: ReturnType<typeof openClassifier> } | null =
  null;

/** What is wrong in a text that lies at the top of the workspace. */
export function lint(text: string, dialect: Dialect = 'commonmark'): readonly TextFinding[] {
  shared ??= { directory: project(workspace), classifier: openClassifier() };
  return lintText(text, dialect, shared);
}

/** Findings as `line:column what`: the command of a raw run, the rule of anything else. */
export function shown(text: string, dialect?: Dialect): readonly string[] {
  const lines = splitLines(text);
  return lint(text, dialect).map(({ start, rule, command }) => {
    const { line, column } = placeAt(lines, start);
    return `${line}:${column} ${command ?? rule}`;
  });
}

/** The text as `--fix` leaves it. */
export function fixed(text: string, dialect?: Dialect): string {
  return applyEdits(
    text,
    lint(text, dialect).flatMap(({ edit }) => edit ?? []),
  );
}
