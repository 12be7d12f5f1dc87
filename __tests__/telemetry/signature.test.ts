import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Intent, Runner } from '../../src/policy/verdict.ts';
import { argvHash } from '../../src/telemetry/argv-hash.ts';
import { flagsOf, type Names } from '../../src/telemetry/runner-flags.ts';
import { normalizedSignature } from '../../src/telemetry/signature.ts';

const cases: readonly [Runner, Intent | null, string, string][] = [
  ['jest', 'jest', 'jest', 'jest'],
  ['jest', 'jest', 'jest --ci --coverage src/a.test.ts', 'jest --ci --coverage paths=1'],
  ['jest', 'jest', './node_modules/.bin/jest --coverage --ci b', 'jest --ci --coverage paths=1'],
  ['jest', 'changed', 'jest --findRelatedTests a.ts b.ts', 'changed --findRelatedTests paths=2'],
  ['jest', 'jest', 'jest -t name --max-workers=2', 'jest --maxWorkers --testNamePattern'],
  ['jest', 'jest', 'jest -w 4 -i', 'jest --maxWorkers --runInBand'],
  ['jest', 'jest', 'jest --no-cache --apiKey=x --other y', 'jest --no-cache unknown=2 paths=1'],
  ['jest', 'jest', 'jest --testMatch a b --ci c', 'jest --ci --testMatch paths=1'],
  ['jest', 'jest', 'jest --env jsdom -- --ci x', 'jest --testEnvironment paths=2'],
  ['jest', 'jest', 'jest --config --ci', 'jest --ci --config'],
  ['jest', 'jest', 'jest -ci file', 'jest --config paths=1'],
  ['jest', 'jest', 'jest -xyz -', 'jest unknown=1 paths=1'],
  ['vitest', 'vitest', 'vitest run --coverage.enabled run', 'vitest run --coverage paths=1'],
  ['vitest', 'vitest', 'vitest src --pool forks', 'vitest --pool paths=1'],
  ['turbo', 'turbo', 'turbo run test build --filter=web -- --ci x', 'turbo run --filter tasks=2 passed=2'],
  ['turbo', 'turbo', 'turbo test -F web --concurrency 2', 'turbo --concurrency --filter tasks=1'],
  ['pytest', 'pytest', 'pytest -xvs -n4 tests', 'pytest --exitfirst --numprocesses -s --verbose paths=1'],
  ['pytest', 'pytest', 'pytest -n 4 -k name --lf', 'pytest -k --last-failed --numprocesses'],
  ['pytest', null, 'pytest -q', 'pytest --quiet'],
];

describe('a signature', () => {
  test.each(cases)('of %s as %s: %s', (runner, intent, line, expected) => {
    expect(normalizedSignature({ runner, intent, argv: line.split(' ') })).toBe(expected);
  });

  test('of a command line that is as long as it can be takes no time to speak of', () => {
    for (const word of ['-i', '--testMatch', '--testMatch=a', 'a', '--unknown']) {
      const argv = ['jest', '--roots', ...Array<string>(300_000).fill(word)];
      const before = performance.now();
      expect(normalizedSignature({ runner: 'jest', intent: 'jest', argv })).toMatch(/^jest --/);
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });

  test('is unknown when the arguments are', () => {
    expect(normalizedSignature({ runner: 'jest', intent: 'jest', argv: [] })).toBeNull();
    expect(argvHash({ runner: 'jest', intent: 'jest', argv: [] })).toBeNull();
  });

  test('never shows a word that is not in its own table, whatever is on the command line', () => {
    const runners: readonly Runner[] = ['jest', 'vitest', 'turbo', 'pytest'];
    const word = fc.oneof(
      fc.string(),
      fc.string().map((text) => `--${text}`),
      fc.string().map((text) => `-${text}`),
      fc.constantFrom(
        '--ci',
        '--coverage',
        '-t',
        '--testMatch',
        '--',
        '-n',
        '--no-secret',
        '--filter',
        'run',
      ),
      fc.string().map((text) => `--config=${text}`),
      fc.string().map((text) => `--coverage.${text}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...runners), fc.array(word), (runner, words) => {
        const { switches, valued, lists, subcommands } = flagsOf(runner);
        const wordsOf = ({ text }: Names) => text.split(/\s+/).filter((name) => name !== '');
        const known = [switches, valued, lists].flatMap(wordsOf);
        const allowed = new Set([
          runner,
          ...wordsOf(subcommands),
          ...known.flatMap((name) => [`--${name}`, `-${name}`, `--no-${name}`]),
        ]);
        for (const shown of (
          normalizedSignature({ runner, intent: null, argv: [runner, ...words] }) ?? ''
        ).split(' ')) {
          expect(allowed.has(shown) || /^(unknown|paths|tasks|passed)=\d+$/.test(shown)).toBe(true);
        }
      }),
    );
  });
});

test('no flag has the name of two, or none', () => {
  for (const runner of ['jest', 'vitest', 'turbo', 'pytest'] as const) {
    const { switches } = flagsOf(runner);
    const [first = '', second = ''] = switches.text.trim().split(' ');
    expect([first, second, `${first} ${second}`, '', ' '].map(switches.has)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  }
});

describe('the hash of an argument vector', () => {
  test('is the same wherever the runner lies, and another for other arguments', () => {
    const hash = (...argv: string[]) => argvHash({ runner: 'jest', intent: 'jest', argv });
    expect(hash('jest', 'a')).toBe(hash('/elsewhere/node_modules/.bin/jest', 'a'));
    expect(hash('jest', 'a')).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set([hash('jest'), hash('jest', 'a'), hash('jest', 'a', 'b'), hash('jest', 'a b')]).size).toBe(
      4,
    );
    expect(argvHash({ runner: 'vitest', intent: 'vitest', argv: ['vitest', 'a'] })).not.toBe(
      hash('jest', 'a'),
    );
  });
});
