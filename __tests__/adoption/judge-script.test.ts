import { describe, expect, test } from '@jest/globals';
import type { Archetype } from '../../src/adoption/scripts/archetype.ts';
import { judgeScript, type ScriptContext } from '../../src/adoption/scripts/judge-script.ts';
import type {
  ClassifyContext,
  PackageFacts,
  PackageManager,
  PackageReader,
} from '../../src/policy/verdict.ts';
import { makeFiles } from './lab.ts';

const others = {
  lint: 'eslint .',
  unit: 'jest',
  governed: 'test-governor run jest --',
  'test:governed': 'test-governor run',
};

function readerOf(facts: PackageFacts): PackageReader {
  return { at: () => facts, nearest: () => facts, member: () => null, members: () => [] };
}

function contextOf(
  directory: string,
  { packageManager = 'npm', isRoot = true, rootTasks = [] }: Options = {},
): ScriptContext {
  const names = Object.fromEntries(Object.keys(others).map((name) => [name, ':']));
  const repository = { packageManager, governedScriptAt: null };
  const common = { cwd: directory, envPrefix: 'BASESHOP', repository };
  const withScripts = (scripts: Readonly<Record<string, string>>): ClassifyContext => ({
    ...common,
    packages: readerOf({ directory, name: 'here', scripts }),
  });
  return {
    packageManager,
    isRootPackage: isRoot,
    envPrefix: 'BASESHOP',
    rootTasks: new Set(rootTasks),
    policy: withScripts(names),
    followed: withScripts(others),
  };
}

interface Options {
  readonly packageManager?: PackageManager;
  readonly isRoot?: boolean;
  readonly rootTasks?: readonly string[];
  readonly name?: string;
  readonly directory?: string;
}

function judge(text: string, options: Options = {}) {
  const { name = 'check', directory = '/nowhere' } = options;
  return judgeScript(name, text, contextOf(directory, options));
}

const rewritten: readonly (readonly [Archetype, string, string])[] = [
  ['jest', 'jest', 'test-governor run jest --'],
  ['jest', '  jest   --ci ', '  test-governor run jest --   --ci '],
  ['jest', './node_modules/.bin/jest --ci', 'test-governor run jest -- --ci'],
  ['jest', 'jest -o', 'test-governor run changed -- -o'],
  [
    'jest',
    `jest -t "a 'b' $C" 'src/*.js' > out.txt 2>&1`,
    `test-governor run jest -- -t "a 'b' $C" 'src/*.js' > out.txt 2>&1`,
  ],
  ['vitest', 'vitest run --coverage', 'test-governor run vitest -- run --coverage'],
  ['vitest', 'vitest related --run src/a.ts', 'test-governor run changed -- related --run src/a.ts'],
  ['pytest', 'pytest -x tests', 'test-governor run pytest -- -x tests'],
  ['pytest', '.venv/bin/pytest -x', 'test-governor run pytest -- -x'],
  ['chain', 'rimraf coverage && jest --coverage', 'rimraf coverage && test-governor run jest -- --coverage'],
  ['chain', 'jest || true', 'test-governor run jest -- || true'],
  ['chain', 'cd sub && jest; echo $?', 'cd sub && test-governor run jest --; echo $?'],
  ['chain', '(jest --ci) | tee log', '(test-governor run jest -- --ci) | tee log'],
  [
    'chain',
    'if [ -n "$CI" ]; then jest --ci; else jest; fi',
    'if [ -n "$CI" ]; then test-governor run jest -- --ci; else test-governor run jest --; fi',
  ],
  ['chain', 'echo "$(jest --json)"', 'echo "$(test-governor run jest -- --json)"'],
  ['package-runner', 'npx jest --ci', 'test-governor run jest -- --ci'],
  ['package-runner', 'npx --no-install jest', 'test-governor run jest --'],
  ['package-runner', 'npm exec -- jest --ci', 'test-governor run jest -- --ci'],
  ['package-runner', 'npm exec jest -- --ci', 'test-governor run jest -- --ci'],
  ['package-runner', 'pnpm exec jest --ci', 'test-governor run jest -- --ci'],
  ['package-runner', 'pnpm jest', 'test-governor run jest --'],
  ['package-runner', 'yarn jest --ci', 'test-governor run jest -- --ci'],
  ['package-runner', 'yarn -s run vitest run', 'test-governor run vitest -- run'],
  ['package-runner', 'bunx jest', 'test-governor run jest --'],
  [
    'package-runner',
    'pnpm --filter web exec jest --ci',
    'pnpm --filter web exec test-governor run jest -- --ci',
  ],
  ['package-runner', 'npx cross-env A=1 jest', 'npx cross-env A=1 test-governor run jest --'],
  ['environment', 'A=1 B="x y" jest --ci', 'A=1 B="x y" test-governor run jest -- --ci'],
  ['environment', 'cross-env NODE_ENV=test jest', 'cross-env NODE_ENV=test test-governor run jest --'],
  ['package-runner', 'cross-env A=1 npx jest', 'cross-env A=1 test-governor run jest --'],
  ['environment', 'dotenv -e .env -- jest', 'dotenv -e .env -- test-governor run jest --'],
  ['environment', 'cross-env-shell A=1 "jest --ci"', 'cross-env-shell A=1 "test-governor run jest -- --ci"'],
  ['node-file', 'node node_modules/jest/bin/jest.js --ci', 'test-governor run jest -- --ci'],
  [
    'node-file',
    'node --experimental-vm-modules ../../node_modules/.bin/jest',
    `NODE_OPTIONS="\${NODE_OPTIONS:-} --experimental-vm-modules" test-governor run jest --`,
  ],
  [
    'node-file',
    'cross-env A=1 node --no-warnings node_modules/.bin/jest -i',
    `cross-env A=1 NODE_OPTIONS="\${NODE_OPTIONS:-} --no-warnings" test-governor run jest -- -i`,
  ],
  [
    'node-file',
    'timeout 9 node --no-warnings node_modules/.bin/jest',
    `timeout 9 env NODE_OPTIONS="\${NODE_OPTIONS:-} --no-warnings" test-governor run jest --`,
  ],
  [
    'wrapper',
    'python3 -m pytest -q',
    `PYTHONPATH=".\${PYTHONPATH:+:$PYTHONPATH}" test-governor run pytest -- -q`,
  ],
  ['wrapper', 'uv run pytest -q', 'uv run test-governor run pytest -- -q'],
  ['wrapper', 'timeout 60 jest', 'timeout 60 test-governor run jest --'],
  ['wrapper', 'c8 --reporter=lcov jest', 'c8 --reporter=lcov test-governor run jest --'],
  ['wrapper', 'sh -c "jest && echo done"', 'sh -c "test-governor run jest -- && echo done"'],
  [
    'wrapper',
    'concurrently "npm:lint" "jest --ci"',
    'concurrently "npm:lint" "test-governor run jest -- --ci"',
  ],
  [
    'wrapper',
    "start-server-and-test dev :3000 'jest e2e'",
    "start-server-and-test dev :3000 'test-governor run jest -- e2e'",
  ],
  ['wrapper', 'find . -name x -exec jest {} \\;', 'find . -name x -exec test-governor run jest -- {} \\;'],
  ['turbo', 'turbo run test', "turbo run test --filter='!//' --concurrency=2"],
  ['turbo', 'turbo test --filter=web', 'turbo test --filter=web --concurrency=2'],
  [
    'turbo',
    'npx turbo run test lint --concurrency=4 -- --ci',
    "npx turbo run test lint --concurrency=4 --filter='!//' -- --ci",
  ],
];

const left: readonly (readonly [Archetype, string, RegExp])[] = [
  ['watch', 'jest --watch', /hold its place/],
  ['watch', 'jest --ci --watchAll', /hold its place/],
  ['watch', 'vitest watch', /hold its place/],
  ['watch', 'vitest --ui', /hold its place/],
  ['watch', 'turbo watch test', /hold its place/],
  ['watch', 'nodemon -x "jest"', /hold its place/],
  ['watch', 'npm run unit -- --watch', /hands a watch flag/],
  ['watch', 'npm run governed -- --watch', /hands a watch flag/],
  ['windows', 'set NODE_ENV=test && jest', /cmd\.exe/],
  ['windows', 'set NODE_ENV=test&& jest', /cmd\.exe/],
  ['windows', 'jest.cmd --ci', /cmd\.exe/],
  ['windows', 'node_modules\\.bin\\jest', /cmd\.exe/],
  ['windows', 'jest --config %CONFIG%', /cmd\.exe/],
  ['opaque', 'RUNNER=jest; $RUNNER --ci', /by its place/],
  ['opaque', 'eval "jest --ci $X"', /shell will know|text of its own|by its place/],
  ['opaque', '$TEST_RUNNER --ci', /shell will know/],
  ['opaque', 'npx -c "jest"', /text of its own/],
  ['opaque', 'jest --ci "unclosed', /cannot be read/],
  ['package-runner', 'npx jest@29', /asks for a jest of its own/],
  ['package-runner', 'pnpm dlx jest', /downloads/],
  ['package-runner', 'npx -p jest-cli jest', /given options/],
  ['wrapper', 'sudo jest', /another user/],
  ['wrapper', 'python3 -W error -m pytest', /Python is given options/],
  ['node-file', 'node --inspect-brk node_modules/.bin/jest', /cannot be handed on/],
  ['node-file', 'node inspect node_modules/.bin/jest --runInBand', /node’s debugger/],
  ['node-file', 'NODE_OPTIONS=--a node --no-warnings node_modules/.bin/jest', /set twice/],
  ['environment', 'NODE_OPTIONS=--inspect-brk jest --runInBand', /starts a debugger/],
  ['environment', 'cross-env NODE_OPTIONS="--inspect=9333" jest', /starts a debugger/],
  ['jest', '/usr/local/lib/node_modules/jest/bin/jest.js', /may be a jest of its own/],
];

describe('a script that starts a runner', () => {
  test.each(rewritten)('of the archetype %s, %s, becomes %s', (archetype, text, expected) => {
    const { runs, rewritten: result } = judge(text);
    expect(result).toBe(expected);
    expect(new Set(runs.map((run) => run.archetype))).toEqual(new Set([archetype]));
  });

  test.each(rewritten)('of the archetype %s, %s, is governed once it is rewritten', (_archetype, text) => {
    const once = judge(text).rewritten;
    expect(judge(once)).toEqual({ runs: [], rewritten: once });
  });

  test.each(left)('of the archetype %s, %s, is left and named', (archetype, text, reason) => {
    const { runs, rewritten: result } = judge(text);
    expect(result).toBe(text);
    expect(runs).toMatchObject([
      { archetype, rewrite: { kind: 'leave', reason: expect.stringMatching(reason) } },
    ]);
  });

  test('is rewritten in every place, and what must be left stays', () => {
    const { runs, rewritten: result } = judge('jest --ci && npx jest@29 && vitest run');
    expect(result).toBe('test-governor run jest -- --ci && npx jest@29 && test-governor run vitest -- run');
    expect(runs.map(({ rewrite }) => rewrite.kind)).toEqual(['edit', 'leave', 'edit']);
  });

  test('named test:governed is not rewritten, because it takes what to run from its arguments', () => {
    const { runs, rewritten: result } = judge('jest', { name: 'test:governed' });
    expect(result).toBe('jest');
    expect(runs).toMatchObject([{ rewrite: { kind: 'leave', byHand: 'set it to "test-governor run"' } }]);
  });

  test('in a member of a later Yarn reaches the root’s test-governor', () => {
    const options = { packageManager: 'yarn-berry', isRoot: false } as const;
    expect(judge('jest --ci', options).rewritten).toBe('yarn run -T test-governor run jest -- --ci');
    const once = judge('jest --ci', options).rewritten;
    expect(judge(once, options).runs).toEqual([]);
  });

  test('through turbo keeps a task of the root’s own', () => {
    expect(judge('turbo run test', { rootTasks: ['test'] }).rewritten).toBe(
      "turbo run test --filter='*' --concurrency=2",
    );
  });
});

describe('a script that starts no runner by itself', () => {
  test.each([
    ['npm run unit'],
    ['npm run lint && npm run unit -- --ci'],
    ['yarn unit'],
    ['eslint .'],
    ['echo "run jest first"'],
    ['jest --version'],
    ['jest --listTests'],
    ['turbo run build'],
    ['turbo run test --affected --concurrency=2'],
    ['test-governor run jest -- --ci'],
    ['npm run test:governed -- jest'],
    ['git commit -m "fix jest"'],
    ['rimraf .jest-cache'],
    ['$npm_execpath run lint'],
    ['node build.js'],
  ])('is not found: %s', (text) => {
    expect(judge(text)).toEqual({ runs: [], rewritten: text });
  });
});

describe('a file that a script runs', () => {
  const files = {
    'scripts/spawn.js':
      "const { spawnSync } = require('child_process');\nspawnSync('npx', ['jest', '--ci'], { stdio: 'inherit' });\n",
    'scripts/exec.mjs': "import { execSync } from 'node:child_process';\nexecSync(`npx vitest run`);\n",
    'scripts/main-file.cjs': "require('child_process').fork(require.resolve('jest/bin/jest'), ['--ci']);\n",
    'scripts/interface.js': "const jest = require('jest');\njest.run(['--ci']);\n",
    'scripts/vitest.ts': "import { startVitest } from 'vitest/node';\n\nawait startVitest('test');\n",
    'scripts/zx.mjs': "import { $ } from 'zx';\nawait $`npx jest --ci`;\n",
    'scripts/test.sh': '#!/bin/sh\nset -e\ncd packages/web\nnpx jest "$@"\n',
    'bin/run-tests': '#!/usr/bin/env bash\nexec npx jest "$@"\n',
    'scripts/run.py': 'import subprocess\n\nsubprocess.run(["pytest", "-x"])\n',
    'scripts/main.py': 'import pytest\n\npytest.main(["-x"])\n',
    'scripts/governed.js': "require('child_process').spawnSync('test-governor', ['run', 'jest', '--']);\n",
    'scripts/comment.js': "// spawn('npx', ['jest'])\nconsole.log('npx jest');\n",
    'scripts/calls-script.js': "require('child_process').execSync('npm run unit');\n",
    'jest.config.js': "module.exports = { preset: 'jest' };\n",
  };
  const directory = makeFiles(files);

  test.each([
    ['node scripts/spawn.js', 'jest', 'scripts/spawn.js', 2],
    ['node --no-warnings scripts/exec.mjs', 'vitest', 'scripts/exec.mjs', 2],
    ['node scripts/main-file.cjs', 'jest', 'scripts/main-file.cjs', 1],
    ['cross-env A=1 node scripts/interface.js --ci', 'jest', 'scripts/interface.js', 2],
    ['tsx scripts/vitest.ts', 'vitest', 'scripts/vitest.ts', 3],
    ['zx scripts/zx.mjs', 'jest', 'scripts/zx.mjs', 2],
    ['echo start && ./scripts/test.sh --ci', 'jest', './scripts/test.sh', 4],
    ['bash scripts/test.sh', 'jest', 'scripts/test.sh', 4],
    ['bin/run-tests', 'jest', 'bin/run-tests', 2],
    ['python3 scripts/run.py', 'pytest', 'scripts/run.py', 3],
    ['python scripts/main.py', 'pytest', 'scripts/main.py', 3],
  ])('and that starts a runner is found: %s', (text, runner, file, line) => {
    const { runs, rewritten: result } = judge(text, { directory });
    expect(result).toBe(text);
    expect(runs).toMatchObject([
      { archetype: 'runner-file', runner, runnerFile: { file, line }, rewrite: { kind: 'leave' } },
    ]);
  });

  test.each([
    ['node scripts/governed.js'],
    ['node scripts/comment.js'],
    ['node scripts/calls-script.js'],
    ['eslint scripts/spawn.js'],
    ['node scripts/missing.js'],
    ['cat scripts/test.sh'],
  ])('and that starts none is not: %s', (text) => {
    expect(judge(text, { directory }).runs).toEqual([]);
  });
});
