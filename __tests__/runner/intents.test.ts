import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Intent } from '../../src/policy/verdict.ts';
import { intents } from '../../src/runner/intents/index.ts';
import { makeWorkspace, type Workspace } from '../helpers/workspace.ts';

let workspace: Workspace;
let empty: Workspace;
beforeAll(() => {
  workspace = makeWorkspace({ files: {}, link: ['jest', 'vitest', 'turbo'] });
  empty = makeWorkspace({ files: {} });
});
afterAll(() => {
  workspace.cleanup();
  empty.cleanup();
});

/** An installed vitest, as far as a plan looks at it. */
function vitestPackage(version: string): Record<string, string> {
  const home = 'node_modules/vitest';
  return {
    [`${home}/package.json`]: JSON.stringify({ name: 'vitest', version, bin: 'vitest.mjs' }),
    [`${home}/vitest.mjs`]: '',
  };
}

interface Where {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly cap?: number;
  readonly pytestWorkers?: string | null;
}

function plan(
  intent: Intent,
  args: readonly string[],
  { directory, environment = {}, isTerminal = false, cap, pytestWorkers = null }: Where = {},
) {
  const situation = {
    directory: directory ?? workspace.path,
    environment,
    envPrefix: 'BASESHOP',
    isTerminal,
    limits: { cap: cap ?? null, cpus: 8, isFree: false },
    slots: 5,
    pytestWorkers,
    loadBand: () => 'low' as const,
  };
  return intents[intent].plan(args, situation);
}

/** What vitest is given for two workers, in a version that knows both flags. */
const vitestOfTwo = ['--maxWorkers=2', '--minWorkers=2'];

describe('a governed run', () => {
  test.each<[Intent, string[], string[]]>([
    ['jest', [], ['--maxWorkers=2']],
    ['jest', ['src', '--ci'], ['src', '--ci', '--maxWorkers=2']],
    ['jest', ['--runInBand=false'], ['--runInBand=false', '--maxWorkers=2']],
    ['jest', ['--runInBand', 'false'], ['--runInBand', 'false', '--maxWorkers=2']],
    ['jest', ['-bt', 'i'], ['-bt', 'i', '--maxWorkers=2']],
    ['jest', ['-ti'], ['-ti', '--maxWorkers=2']],
    ['jest', ['src', '--', 'x'], ['src', '--maxWorkers=2', '--', 'x']],
    ['vitest', [], ['run', ...vitestOfTwo]],
    ['vitest', ['run', 'src'], ['run', 'src', ...vitestOfTwo]],
    ['vitest', ['related', 'a.ts'], ['related', '--run', 'a.ts', ...vitestOfTwo]],
    ['vitest', ['-c', 'a.ts', 'run', 'src'], ['run', '-c', 'a.ts', 'src', ...vitestOfTwo]],
    ['vitest', ['--reporter', 'run', 'src'], ['run', '--reporter', 'run', 'src', ...vitestOfTwo]],
    ['vitest', ['src', 'run'], ['run', 'src', 'run', ...vitestOfTwo]],
    ['vitest', ['--api', '3000', 'run', 'src'], ['run', '--api', '3000', 'src', ...vitestOfTwo]],
    ['vitest', ['--changed', 'HEAD', 'run'], ['run', '--changed', 'HEAD', ...vitestOfTwo]],
    ['vitest', ['--config', '--coverage', 'run'], ['run', '--config', '--coverage', ...vitestOfTwo]],
    ['vitest', ['--coverage=false', 'run'], ['run', '--coverage=false', ...vitestOfTwo]],
    ['vitest', ['bench', 'a'], ['bench', '--run', 'a', ...vitestOfTwo]],
    ['vitest', ['typecheck', 'a'], ['typecheck', '--run', 'a', ...vitestOfTwo]],
    ['vitest', ['bench', '--run', 'a'], ['bench', '--run', 'a', ...vitestOfTwo]],
    ['turbo', ['run', 'test', '--affected'], ['run', 'test', '--affected', '--concurrency=2']],
    ['turbo', ['test', '--filter=web'], ['test', '--filter=web', '--concurrency=2']],
    ['turbo', ['run', 'web#test', '--', '-u'], ['run', 'web#test', '--concurrency=2', '--', '-u']],
    ['turbo', ['--filter=web', 'run', 'test'], ['--filter=web', 'run', 'test', '--concurrency=2']],
    [
      'turbo',
      ['--filter', 'web', 'run', 'test', '--', 'run'],
      ['--filter', 'web', 'run', 'test', '--concurrency=2', '--', 'run'],
    ],
    ['turbo', ['--filter', 'run', 'test'], ['run', '--filter', 'run', 'test', '--concurrency=2']],
    [
      'turbo',
      ['--output-logs', 'full', 'web#test'],
      ['run', '--output-logs', 'full', 'web#test', '--concurrency=2'],
    ],
    ['changed', ['-o'], ['-o', '--maxWorkers=2']],
    ['changed', ['--findRelatedTests', 'a.ts'], ['--findRelatedTests', 'a.ts', '--maxWorkers=2']],
    ['changed', ['related', 'a.ts'], ['related', '--run', 'a.ts', ...vitestOfTwo]],
    ['changed', ['run', '--changed'], ['run', '--changed', ...vitestOfTwo]],
    ['changed', ['run', 'src'], ['run', 'src', '--changed', ...vitestOfTwo]],
  ])('of %s with %j starts it with %j', (intent, args, expected) => {
    expect(plan(intent, args)).toMatchObject({ kind: 'start', args: expected });
  });

  test.each<[Intent, string[]]>([
    ['jest', ['--maxWorkers=4']],
    ['jest', ['--maxWorkers', '50%']],
    ['jest', ['-w', '3']],
    ['jest', ['-w3']],
    ['jest', ['-i']],
    ['jest', ['--runInBand']],
    ['jest', ['-bi', 'src']],
    ['jest', ['-it', 'a name']],
    ['jest', ['-iw', '3']],
    ['jest', ['-bw3']],
    ['vitest', ['run', '--maxWorkers=1']],
    ['vitest', ['run', '--no-file-parallelism']],
    ['turbo', ['run', 'test', '--affected', '--concurrency=5']],
    ['vitest', ['run', '--poolOptions.forks.maxForks=8']],
    ['turbo', ['run', 'test', '--affected', '--concurrency', '50%']],
  ])('of %s leaves the number of workers to the caller in %j', (intent, args) => {
    expect(plan(intent, args)).toMatchObject({ kind: 'start', args });
  });

  test.each<[string[], string[]]>([
    [
      ['-bw8', 'src'],
      ['-b', '--maxWorkers=3', 'src'],
    ],
    [
      ['-bw', '8', 'src'],
      ['-b', '--maxWorkers=3', 'src'],
    ],
    [['-w8'], ['--maxWorkers=3']],
    [['--maxWorkers=+8'], ['--maxWorkers=3']],
    [['-w', '+8'], ['--maxWorkers=3']],
    [['-w+8'], ['--maxWorkers=3']],
    [
      ['-bw+8', 'src'],
      ['-b', '--maxWorkers=3', 'src'],
    ],
    [['--maxWorkers=8.5'], ['--maxWorkers=3']],
    [['--maxWorkers=0x10'], ['--maxWorkers=3']],
    [['--maxWorkers=+2'], ['--maxWorkers=+2']],
    [['-bw2'], ['-bw2']],
    [['-bi'], ['-bi']],
    [
      ['-w', '8', '-w', '2'],
      ['--maxWorkers=3', '-w', '2'],
    ],
  ])('of jest with %j and a cap of three workers is started with %j', (args, expected) => {
    expect(plan('jest', args, { cap: 3 })).toMatchObject({ kind: 'start', args: expected });
  });

  test.each<[string[], string[], number]>([
    [['--minWorkers=1'], ['--minWorkers=1', '--maxWorkers=2'], 2],
    [['--minWorkers', '4'], ['--minWorkers', '4', '--maxWorkers=4'], 4],
    [['--min-workers=8'], ['--min-workers=5', '--maxWorkers=5'], 5],
    [['--minWorkers=50%'], ['--minWorkers=4', '--maxWorkers=4'], 4],
    [
      ['--poolOptions.forks.minForks=8'],
      ['--poolOptions.forks.minForks=5', '--maxWorkers=5', '--minWorkers=5'],
      5,
    ],
    [['--maxWorkers=8'], ['--maxWorkers=5', '--minWorkers=5'], 5],
    [['--maxWorkers=8', '--minWorkers=6', 'src'], ['--maxWorkers=5', '--minWorkers=5', 'src'], 5],
    [['--maxWorkers=4', '--minWorkers=4'], ['--maxWorkers=4', '--minWorkers=4'], 4],
    [['--no-file-parallelism', '--minWorkers=3'], ['--no-file-parallelism', '--minWorkers=3'], 1],
  ])(
    'of vitest with %j and a cap of five keeps the fewest workers below the most: %j',
    (args, expected, workers) => {
      expect(plan('vitest', args, { cap: 5 })).toMatchObject({ args: ['run', ...expected], workers });
    },
  );

  test.each<[string[], string[], number]>([
    [['--maxWorkers=+2'], ['--maxWorkers=+2'], 2],
    [['--poolOptions.forks.maxForks=4'], ['--poolOptions.forks.maxForks=4'], 4],
    [['--poolOptions.forks.maxForks=8'], ['--poolOptions.forks.maxForks=5', '--minWorkers=5'], 5],
    [
      ['--pool-options.threads.maxThreads', '+8', 'src'],
      ['--pool-options.threads.maxThreads=5', 'src', '--minWorkers=5'],
      5,
    ],
    [
      ['--maxWorkers=2', '--poolOptions.forks.maxForks=4'],
      ['--maxWorkers=2', '--poolOptions.forks.maxForks=4'],
      4,
    ],
    [['--poolOptions.forks.singleFork'], ['--poolOptions.forks.singleFork'], 1],
    [['--poolOptions.threads.singleThread=true'], ['--poolOptions.threads.singleThread=true'], 1],
    [['--poolOptions.forks.singleFork=false'], ['--poolOptions.forks.singleFork=false', ...vitestOfTwo], 2],
    [
      ['--poolOptions.threads.singleThread', '--maxWorkers=4'],
      ['--poolOptions.threads.singleThread', '--maxWorkers=4'],
      4,
    ],
    [['--fileParallelism'], ['--fileParallelism', ...vitestOfTwo], 2],
    [['--file-parallelism=true'], ['--file-parallelism=true', ...vitestOfTwo], 2],
    [['--fileParallelism=false'], ['--fileParallelism=false'], 1],
    [['--file-parallelism', 'false'], ['--file-parallelism', 'false'], 1],
  ])('of vitest with %j and a cap of five counts what the caller says: %j', (args, expected, workers) => {
    expect(plan('vitest', args, { cap: 5 })).toMatchObject({ args: ['run', ...expected], workers });
  });

  const poolsOfTwo = {
    VITEST_MAX_THREADS: '2',
    VITEST_MAX_FORKS: '2',
    VITEST_MIN_THREADS: '2',
    VITEST_MIN_FORKS: '2',
  };

  test.each<[string, string[], object]>([
    ['0.34.6', [], poolsOfTwo],
    ['1.0.4', [], poolsOfTwo],
    ['1.1.0', vitestOfTwo, poolsOfTwo],
    ['2.1.9', vitestOfTwo, poolsOfTwo],
    ['3.0.0-beta.1', vitestOfTwo, poolsOfTwo],
    ['4.1.12', ['--maxWorkers=2'], {}],
    ['10.0.0', ['--maxWorkers=2'], {}],
  ])(
    'tells a vitest of version %s its workers in words that it knows: %j, %j',
    (version, args, environment) => {
      const one = makeWorkspace({ files: vitestPackage(version) });
      try {
        const planned = plan('vitest', [], { directory: one.path });
        expect(planned).toMatchObject({ args: ['run', ...args], environment, workers: 2 });
      } finally {
        one.cleanup();
      }
    },
  );

  test.each<[Record<string, string>, number, object, number]>([
    [{ VITEST_MAX_FORKS: '4' }, 9, {}, 4],
    [{ VITEST_MAX_FORKS: '4', VITEST_MAX_THREADS: '8' }, 9, {}, 8],
    [{ VITEST_MAX_FORKS: '4' }, 3, { VITEST_MAX_FORKS: '3', VITEST_MIN_FORKS: '3' }, 3],
  ])(
    'of vitest with the variables %j and a cap of %j counts them as the caller’s own word',
    (environment, cap, given, workers) => {
      expect(plan('vitest', [], { environment, cap })).toMatchObject({
        args: ['run'],
        environment: given,
        workers,
      });
    },
  );

  test('takes a path that only begins like a flag for no flag', () => {
    expect(plan('jest', ['-web.test.js'])).toMatchObject({ args: ['-web.test.js', '--maxWorkers=2'] });
  });

  test.each<[Intent, string[], string]>([
    ['jest', ['--watch'], 'watch-exclusive -- jest'],
    ['jest', ['--watchAll=true'], 'watch-exclusive -- jest'],
    ['jest', ['--watchAll=false', '--watch'], 'watch-exclusive -- jest'],
    ['jest', ['--watch=false', '--watch'], 'watch-exclusive -- jest'],
    ['vitest', ['--watch'], 'watch-exclusive -- vitest'],
    ['vitest', ['dev'], 'watch-exclusive -- vitest'],
    ['vitest', ['--root', 'a', 'watch'], 'watch-exclusive -- vitest'],
    ['vitest', ['--coverage.thresholds.lines', '80', 'watch'], 'watch-exclusive -- vitest'],
    ['turbo', [], 'test-governor run turbo -- run test --affected'],
    ['turbo', ['run', 'test'], 'test-governor run turbo -- run test --affected'],
    ['turbo', ['run', 'web#test', 'test'], "test-governor run turbo -- run 'web#test' test --affected"],
    ['turbo', ['watch', 'test', '--filter=web'], 'test-governor run turbo -- run test --filter=web'],
    ['turbo', ['--filter', 'a', 'watch', 'test'], 'test-governor run turbo -- --filter a run test'],
    ['turbo', ['run', 'test', '--', '--ci'], 'run turbo -- run test --affected -- --ci (or'],
    ['turbo', ['run', 'test', '--', '-t', 'a b'], "run turbo -- run test --affected -- -t 'a b' (or"],
    ['turbo', ['--force'], 'run turbo -- run --force test --affected (or'],
    ['turbo', ['run'], 'run turbo -- run test --affected (or'],
    ['turbo', ['daemon', 'status'], 'turbo daemon starts none; type: npx turbo daemon status (for'],
    ['turbo', ['prune', 'web', '--docker'], 'type: npx turbo prune web --docker (for'],
    ['turbo', ['--cwd', 'a b', 'ls'], "type: npx turbo --cwd 'a b' ls (for"],
    ['turbo', ['docs'], 'for a task of that name: test-governor run turbo -- run docs --affected)'],
    ['turbo', ['docs', '-F', 'a'], 'for a task of that name: test-governor run turbo -- run docs -F a)'],
    ['watch-exclusive', [], 'test-governor run watch-exclusive -- jest'],
    ['watch-exclusive', ['rm'], 'test-governor run watch-exclusive -- jest'],
    ['watch-exclusive', ['jest'], 'BASESHOP_ALLOW_WATCH_EXCLUSIVE=1'],
  ])('of %s with %j is refused with what to type instead', (intent, args, sentence) => {
    const refused = plan(intent, args);
    if (refused.kind !== 'refused') throw new Error(`it was ${refused.kind}`);
    expect(refused.sentence).toContain(sentence);
  });

  test.each([
    [['--watchAll', 'false']],
    [['--watch-all=false']],
    [['--watch', '--no-watch']],
    [['--watch', '--watch=false']],
  ])('of jest with %j does not watch, and is started', (args) => {
    expect(plan('jest', args)).toMatchObject({ kind: 'start', args: [...args, '--maxWorkers=2'] });
  });

  test('of a command of turbo that starts no tasks is refused with the one of the repository’s package manager', () => {
    const files = { 'package.json': '{ "packageManager": "pnpm@9.0.0" }' };
    const one = makeWorkspace({ files, link: ['turbo'] });
    try {
      const sentence = expect.stringContaining('type: pnpm exec turbo login');
      expect(plan('turbo', ['login'], { directory: one.path })).toMatchObject({ sentence });
    } finally {
      one.cleanup();
    }
  });

  test.each<[Intent, string[], string[]]>([
    ['jest', ['--version'], ['--version']],
    ['jest', ['--list-tests', '--watch', 'src'], ['--list-tests', '--watch', 'src']],
    ['changed', ['--listTests'], ['--onlyChanged', '--listTests']],
    ['vitest', ['--help'], ['--help']],
    ['vitest', ['--root', 'a', 'list'], ['--root', 'a', 'list']],
    ['vitest', ['--mergeReports'], ['run', '--mergeReports']],
    ['turbo', ['--version'], ['--version']],
    ['turbo', ['run', 'test', '--dry=json'], ['run', 'test', '--dry=json']],
    ['turbo', ['daemon', '--help'], ['daemon', '--help']],
  ])('of %s with %j runs no tests, and is started as it stands: %j', (intent, args, expected) => {
    expect(plan(intent, args, { cap: 1 })).toMatchObject({ kind: 'direct', args: expected });
  });

  test('of pytest that only lists tests is started as it stands', () => {
    const one = makeWorkspace({ files: { '.venv/bin/pytest': '#!/bin/sh\n' } });
    try {
      const args = ['--collect-only', '-q'];
      expect(plan('pytest', args, { directory: one.path })).toMatchObject({ kind: 'direct', args });
    } finally {
      one.cleanup();
    }
  });

  describe('of pytest', () => {
    // A Python that answers as one with both modules does.
    const python = '#!/bin/sh\necho 1 1\n';
    let project: Workspace;
    beforeAll(() => {
      const files = { '.venv/bin/pytest': '#!/bin/sh\n', '.venv/bin/python3': python };
      project = makeWorkspace({ files });
    });
    afterAll(() => project.cleanup());

    test.each<[string[], Readonly<Record<string, string>>]>([
      [['--disable-plugin-autoload', 'tests'], {}],
      [['tests'], { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' }],
      [['tests'], { PYTEST_ADDOPTS: '-p no:xdist' }],
    ])(
      'that does not load pytest-xdist is given no -n, which it would not know: %j with %j',
      (args, environment) => {
        for (const pytestWorkers of [null, '2']) {
          const where = { directory: project.path, environment, pytestWorkers };
          expect(plan('pytest', args, where)).toMatchObject({ kind: 'start', args, workers: 1 });
        }
      },
    );

    test.each<[string, Where, string[], number]>([
      // A project's hook (pytest_xdist_auto_num_workers) would else decide how many that are.
      ['the slots', {}, ['-n', 'auto', '--maxprocesses=5', 'tests'], 5],
      [
        'what the caller means by it',
        { environment: { PYTEST_XDIST_AUTO_NUM_WORKERS: '3' } },
        ['-n', 'auto', '--maxprocesses=3', 'tests'],
        3,
      ],
      [
        'the slots where the caller means more',
        { environment: { PYTEST_XDIST_AUTO_NUM_WORKERS: '9' } },
        ['-n', 'auto', '--maxprocesses=5', 'tests'],
        5,
      ],
      ['the cap', { cap: 2 }, ['-n', 'auto', '--maxprocesses=2', 'tests'], 2],
      // A second limit would take the place of the caller's.
      [
        'the slots beside a limit',
        { environment: { PYTEST_ADDOPTS: '--maxprocesses=4' } },
        ['-n', 'auto', 'tests'],
        5,
      ],
    ])('at low load has %s as its auto', (_title, where, args, workers) => {
      expect(plan('pytest', ['tests'], { ...where, directory: project.path })).toMatchObject({
        kind: 'start',
        args,
        workers,
        environment: { PYTEST_XDIST_AUTO_NUM_WORKERS: String(workers) },
      });
    });

    test.each<[string[], Where, string[]]>([
      [['-s', 'tests'], {}, ['-s', 'tests']],
      [['tests'], { environment: { PYTEST_ADDOPTS: '-sv' } }, ['tests']],
      [['-s', '-n', '2'], {}, ['-s', '-n', '2']],
      [['-s'], { pytestWorkers: '2' }, ['-n', '2', '-s']],
    ])(
      'whose tests have the terminal gets workers only when it is told so: %j with %j',
      (args, where, expected) => {
        expect(plan('pytest', args, { ...where, directory: project.path })).toMatchObject({ args: expected });
      },
    );

    test('keeps its cap among the options when paths stand behind a --', () => {
      const args = ['-n', '6', '--', 'tests'];
      expect(plan('pytest', args, { directory: project.path, cap: 2 })).toMatchObject({
        args: ['-n', '6', '-n', '2', '--', 'tests'],
        workers: 2,
      });
    });
  });

  test.each<[Intent, string[]]>([
    ['jest', ['--listTests=false']],
    ['jest', ['--listTests', 'false']],
    ['jest', ['--', '--version']],
    ['turbo', ['run', 'web#test', '--', '--help']],
    ['turbo', ['run', 'build', '--affected']],
  ])('of %s with %j stands in the queue', (intent, args) => {
    expect(plan(intent, args)).toMatchObject({ kind: 'start' });
  });

  test('lets a task of turbo be called like one of its commands', () => {
    const args = ['run', 'docs', '--affected', '--concurrency=2'];
    expect(plan('turbo', args)).toMatchObject({ kind: 'start', args });
  });

  test('watches in a terminal, on request, with one worker', () => {
    const allowed = { environment: { BASESHOP_ALLOW_WATCH_EXCLUSIVE: '1' } };
    expect(plan('watch-exclusive', ['jest', 'src'], allowed)).toMatchObject({ kind: 'refused' });
    const onTerminal = { ...allowed, isTerminal: true };
    expect(plan('watch-exclusive', ['jest', 'src'], onTerminal)).toMatchObject({
      args: ['--runInBand', '--watch', 'src'],
    });
    expect(plan('watch-exclusive', ['jest', '--watchman=false'], onTerminal)).toMatchObject({
      args: ['--runInBand', '--watch', '--watchman=false'],
    });
    expect(plan('watch-exclusive', ['jest', '--maxWorkers=4'], onTerminal)).toMatchObject({
      args: ['--watch', '--maxWorkers=1'],
    });
    expect(plan('watch-exclusive', ['vitest'], onTerminal)).toMatchObject({
      args: ['watch', '--maxWorkers=1', '--minWorkers=1'],
    });
    expect(plan('watch-exclusive', ['vitest', '--maxWorkers=4'], onTerminal)).toMatchObject({
      args: ['watch', '--maxWorkers=1', '--minWorkers=1'],
    });
  });

  test.each([
    [
      ['watch', 'src'],
      ['watch', 'src', '--maxWorkers=1', '--minWorkers=1'],
    ],
    [
      ['-r', 'a', 'dev'],
      ['watch', '-r', 'a', '--maxWorkers=1', '--minWorkers=1'],
    ],
    [
      ['run', '-w'],
      ['watch', '-w', '--maxWorkers=1', '--minWorkers=1'],
    ],
    [
      ['related', 'a.ts'],
      ['related', '--watch', 'a.ts', '--maxWorkers=1', '--minWorkers=1'],
    ],
    [
      ['typecheck', 'a'],
      ['typecheck', '--watch', 'a', '--maxWorkers=1', '--minWorkers=1'],
    ],
    [
      ['bench', '--watch'],
      ['bench', '--watch', '--maxWorkers=1', '--minWorkers=1'],
    ],
  ])('does not take a command of vitest for a filter when it watches: %j', (args, expected) => {
    const where = { environment: { BASESHOP_ALLOW_WATCH_EXCLUSIVE: '1' }, isTerminal: true };
    expect(plan('watch-exclusive', ['vitest', ...args], where)).toMatchObject({ args: expected });
  });

  test('does not keep the queue to itself for what runs no tests', () => {
    const where = { environment: { BASESHOP_ALLOW_WATCH_EXCLUSIVE: '1' }, isTerminal: true };
    expect(plan('watch-exclusive', ['jest', '--version'], where)).toMatchObject({
      kind: 'direct',
      args: ['--version'],
    });
  });

  test('of what was changed keeps a path from becoming the value of --changed', () => {
    const directory = makeWorkspace({ files: vitestPackage('3.2.4') });
    try {
      expect(plan('changed', ['src', '--', 'x'], { directory: directory.path })).toMatchObject({
        args: ['run', 'src', '--changed', ...vitestOfTwo, '--', 'x'],
      });
    } finally {
      directory.cleanup();
    }
  });

  test.each<[Intent, string]>([
    ['jest', 'npm install --save-dev jest'],
    ['vitest', 'npm install --save-dev vitest'],
    ['turbo', 'npm install --save-dev turbo'],
    ['pytest', 'python3 -m pip install pytest'],
  ])('of %s that is not installed says how to install it', (intent, command) => {
    const refused = plan(intent, [], { directory: empty.path });
    if (refused.kind !== 'refused') throw new Error(`it was ${refused.kind}`);
    expect(refused.sentence).toContain(command);
  });

  const pnpm = { 'pnpm-workspace.yaml': 'packages: [packages/*]\n', 'packages/a/package.json': '{}' };
  const workspaces = JSON.stringify({ private: true, workspaces: ['packages/*'] });
  const yarn = { 'package.json': workspaces, 'packages/a/package.json': '{}' };
  test.each<[string, string, Record<string, string>, string]>([
    ['pnpm add --save-dev -w jest', 'the root of a pnpm workspace', pnpm, ''],
    ['pnpm add --save-dev jest', 'a package of a pnpm workspace', pnpm, 'packages/a'],
    ['yarn add --dev -W jest', 'the root of a yarn workspace', { ...yarn, 'yarn.lock': '' }, ''],
    ['yarn add --dev jest', 'a package of a yarn workspace', { ...yarn, 'yarn.lock': '' }, 'packages/a'],
    ['yarn add --dev jest', 'a later yarn', { ...yarn, 'yarn.lock': '', '.yarnrc.yml': '' }, ''],
    ['bun add --dev jest', 'a bun project', { 'bun.lock': '' }, ''],
  ])('names %s in %s where there is none', (command, _where, files, at) => {
    const made = makeWorkspace({ files: { 'package.json': '{}', ...files } });
    try {
      const refused = plan('jest', [], { directory: join(made.path, at) });
      expect(refused).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(`: ${command}$`) });
    } finally {
      made.cleanup();
    }
  });
});
