import type { Runner } from './verdict.ts';

/** One test runner: every name and file by which a command line can start it. */
export interface RunnerEntry {
  readonly runner: Runner;
  /** Command names that start it (`jest`, `py.test`). */
  readonly commands: readonly string[];
  /** Package names that `npx -p`, `dlx` and friends may be given for it. */
  readonly packages: readonly string[];
  /** Path suffixes, below a package directory, of the files that node runs when it starts; matched on the real path. */
  readonly mainFiles: readonly string[];
  /** Python module names for `python -m`. */
  readonly pythonModules: readonly string[];
}

/** The one table of runners. A new runner is one entry here and one file in `runner/intents/`. */
export const runners: readonly RunnerEntry[] = [
  {
    runner: 'jest',
    commands: ['jest'],
    packages: ['jest', 'jest-cli'],
    mainFiles: ['jest/bin/jest.js', 'jest-cli/bin/jest.js'],
    pythonModules: [],
  },
  {
    runner: 'vitest',
    commands: ['vitest'],
    packages: ['vitest'],
    mainFiles: ['vitest/vitest.mjs', 'vitest/dist/cli.js'],
    pythonModules: [],
  },
  {
    runner: 'turbo',
    commands: ['turbo'],
    packages: ['turbo'],
    mainFiles: ['turbo/bin/turbo'],
    pythonModules: [],
  },
  {
    runner: 'pytest',
    // `pytest-3` is Debian's name for it.
    commands: ['pytest', 'py.test', 'pytest-3'],
    packages: ['pytest'],
    mainFiles: [],
    pythonModules: ['pytest', 'py.test'],
  },
];
