import { join } from 'node:path';
import type { Environment } from '../../env.ts';
import { findRepository, readText, upward } from '../../repository.ts';
import { addoptsIn, splitAddopts } from './command-line.ts';

/** Where pytest looks for its settings, in its order; https://docs.pytest.org/en/stable/reference/customize.html. */
const settingsFiles = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'];

function addoptsOfProject(directory: string): readonly string[] {
  const top = findRepository(directory)?.top ?? null;
  for (const candidate of upward(directory)) {
    for (const name of settingsFiles) {
      const addopts = addoptsIn(readText(join(candidate, name)) ?? '');
      if (addopts !== null) return splitAddopts(addopts);
    }
    if (candidate === top) break;
  }
  return [];
}

/** The arguments that pytest adds before those of the command line: the project's `addopts`, then PYTEST_ADDOPTS. */
export function addedArguments(directory: string, environment: Environment): readonly string[] {
  return [...addoptsOfProject(directory), ...splitAddopts(environment.PYTEST_ADDOPTS ?? '')];
}
