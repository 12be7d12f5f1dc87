import { describe, expect, test } from '@jest/globals';
import { classifyArgv } from '../../src/policy/classify.ts';
import { summary } from './table.ts';
import { context } from './workspace-table.ts';

const governed = (rest: string) => `npm run test:governed -- ${rest}`;

describe('classifyArgv', () => {
  test.each<readonly [argv: readonly string[], expected: string, replacement: string | null]>([
    [['npx', 'jest', '-t', 'a b'], 'bypass jest npx jest', governed("jest -- -t 'a b'")],
    [['npm', 'test'], 'bypass jest package-script jest', governed('jest -- --coverage')],
    [['npm', 'run', 'lint'], 'none', null],
    [
      ['/usr/bin/node', '/r/node_modules/jest/bin/jest.js', '--ci'],
      'bypass jest node-path jest',
      governed('jest -- --ci'),
    ],
    [
      ['node', '/r/node_modules/.bin/../vitest/vitest.mjs'],
      'bypass vitest node-path vitest',
      governed('vitest'),
    ],
    [['sh', '-c', 'npx jest && echo'], 'bypass jest npx jest', governed('jest')],
    [['echo', 'npx jest'], 'none', null],
    [['jest', '--version'], 'harmless jest bare', null],
    [['test-governor', 'run', 'jest', '--', 'x'], 'governed jest governed jest', null],
    [['turbo', 'run', 'test', '--filter=a', '--concurrency=1'], 'harmless turbo turbo-scoped turbo', null],
    [['npx', 'jest', '$HOME', '*', '; ls'], 'bypass jest npx jest', governed("jest -- '$HOME' '*' '; ls'")],
    // What would be an expansion in a text is a plain word here.
    [['$(npm bin)/x', 'jest'], 'none', null],
  ])('%j', (argv, expected, replacement) => {
    const found = classifyArgv(argv, context());
    expect(summary(found)).toBe(expected);
    expect(found.replacement).toBe(replacement);
  });

  test('names the first word, and the vector as it could be typed', () => {
    const found = classifyArgv(['timeout', '5', 'npx', 'jest', 'a b'], context());
    expect(found.commandWord).toBe('timeout');
    expect(found.subject).toBe("timeout 5 npx jest 'a b'");
    expect(found.piped).toBe(false);
    expect(found.argv).toEqual(['jest', 'a b']);
    expect(found.bypassWords).toEqual(['timeout']);
  });
});
