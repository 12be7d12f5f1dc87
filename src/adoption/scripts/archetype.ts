/** The ways in which a package script starts a test runner. */
export type Archetype =
  | 'jest'
  | 'vitest'
  | 'pytest'
  | 'chain'
  | 'package-runner'
  | 'environment'
  | 'node-file'
  | 'wrapper'
  | 'turbo'
  | 'runner-file'
  | 'watch'
  | 'windows'
  | 'opaque';

/** Each archetype in the words of a script, in the order in which a report lists them. */
export const archetypeTitles: Readonly<Record<Archetype, string>> = {
  jest: '`jest`',
  vitest: '`vitest`',
  pytest: '`pytest`',
  chain: '`rimraf … && jest`: a runner in a chain of commands',
  'package-runner': '`pnpm exec jest`: through a package runner',
  environment: '`cross-env … jest`: with variables set for it',
  'node-file': '`node …/jest.js`: the runner’s own file',
  wrapper: '`timeout … jest`: inside another program',
  turbo: '`turbo run test` without scope or cap',
  'runner-file': '`node scripts/test.js`: a file that starts a runner',
  watch: '`jest --watch`: a run that never ends',
  windows: '`set X=1&& jest`: written for Windows',
  opaque: '`$RUNNER`: only the shell will know what it starts',
};
