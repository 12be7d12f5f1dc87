import { join } from 'node:path';
import type { Environment } from '../../env.ts';
import { findRepository, readText, upward } from '../../repository.ts';
import { addoptsIn, splitAddopts } from './command-line.ts';

/**
 * Where pytest looks for its settings, in its order, and what makes a file the one that counts, whether `addopts` stands in it or not;
 * https://docs.pytest.org/en/stable/reference/customize.html. A file of pytest's own counts even when it is empty.
 */
const settingsFiles: readonly (readonly [name: string, counts: RegExp])[] = [
  ['pytest.toml', /^/],
  ['.pytest.toml', /^/],
  ['pytest.ini', /^/],
  ['.pytest.ini', /^/],
  ['pyproject.toml', /^[ \t]*\[tool\.pytest(?:\.ini_options)?\]/m],
  ['tox.ini', /^\[pytest\]/m],
  ['setup.cfg', /^\[tool:pytest\]/m],
];

function addoptsOfProject(directory: string): readonly string[] {
  const top = findRepository(directory)?.top ?? null;
  for (const candidate of upward(directory)) {
    for (const [name, counts] of settingsFiles) {
      const text = readText(join(candidate, name));
      if (text !== null && counts.test(text)) return splitAddopts(addoptsIn(text) ?? '');
    }
    if (candidate === top) break;
  }
  return [];
}

/** The arguments that pytest adds before those of the command line: the project's `addopts`, then PYTEST_ADDOPTS. */
export function addedArguments(directory: string, environment: Environment): readonly string[] {
  return [...addoptsOfProject(directory), ...splitAddopts(environment.PYTEST_ADDOPTS ?? '')];
}
