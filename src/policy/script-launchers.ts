/**
 * Words that start package.json scripts, so that a command line may reach a runner without naming one.
 * The gate lets every line through in which one of them stands as a word; the launchers in `launchers/` say what it starts.
 * A launcher that the classifier follows and that takes a script's name (not a command's text) must be listed here.
 */
export const scriptLaunchers: readonly string[] = [
  'npm',
  'pnpm',
  'pn',
  'yarn',
  'yarnpkg',
  'bun',
  'run-s',
  'run-p',
  'npm-run-all',
  'npm-run-all2',
  'lerna',
  'nx',
  'start-server-and-test',
  'server-test',
  'start-test',
  // Their `node:test` names a script without a package manager.
  'concurrently',
  'conc',
  // node's own: `node --run test`.
  '--run',
];

/** Parts of paths by which node starts one of the package managers without its name standing as a word. */
export const packageManagerFiles: readonly string[] = [
  'npm-cli.js',
  'pnpm.cjs',
  'pnpm.mjs',
  'pnpm.js',
  'yarn.js',
  'yarn.cjs',
  'yarnpkg.js',
  // Where a repository keeps its own Yarn: `.yarn/releases/yarn-4.5.0.cjs`.
  'releases/yarn-',
];

/** Commands of our own; a line that names one of them is `governed` or starts something that is. */
export const governorCommands: readonly string[] = ['test-governor', 'safe-test-runner'];

/** The package script that leads into the governed run. */
export const governedScript = 'test:governed';

/** The programs that get a shim on PATH. */
export const shimNames: readonly string[] = [
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'bun',
  'bunx',
  'turbo',
  'jest',
  'vitest',
  'pytest',
  'node',
];
