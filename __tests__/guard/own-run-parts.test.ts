import { describe, expect, test } from '@jest/globals';
import { withPreload } from '../../src/guard/node-options.ts';
import { heldUpBy } from '../../src/guard/own-run.ts';
import { readShape, shapeOwn, writeShape } from '../../src/guard/shape-own.ts';
import { withoutShellWord } from '../../src/guard/shell-word.ts';
import { createPackageReader } from '../../src/packages.ts';
import { classifyArgv } from '../../src/policy/classify.ts';

describe('NODE_OPTIONS of a run', () => {
  const file = '/g/hooks/preload.cjs';

  test.each([
    [undefined, undefined, `--require ${file}`],
    ['', '', `--require ${file}`],
    ['--max-old-space-size=9', undefined, `--max-old-space-size=9 --require ${file}`],
    [`--require ${file} --inspect`, undefined, `--require ${file} --inspect`],
    ['--require /cache/p.cjs', '--require /cache/p.cjs', '--require /cache/p.cjs'],
    ['--require /cache/p.cjsx', '--require /cache/p.cjs', `--require /cache/p.cjsx --require ${file}`],
    ['--permission --allow-fs-read=*', undefined, '--permission --allow-fs-read=*'],
    ['--experimental-policy=p.json', undefined, '--experimental-policy=p.json'],
  ])('%j with the guard’s own %j becomes %j', (options, words, expected) => {
    expect(withPreload(options, file, words)).toBe(expected);
  });

  test('quotes a path as node reads it', () => {
    expect(withPreload('', '/a b/"c"\\d/p.cjs', undefined)).toBe('--require "/a b/\\"c\\"\\\\d/p.cjs"');
  });
});

describe('a word that only a shell knows', () => {
  test.each([
    ['command', ['python3', '-m', 'pytest'], 'python3', ['-m', 'pytest']],
    ['exec', ['-a', 'name', 'npx', 'jest'], 'npx', ['jest']],
    ['exec', ['command', '-p', 'npx', 'jest'], 'npx', ['jest']],
    ['timeout', ['5', 'npx', 'jest'], 'timeout', ['5', 'npx', 'jest']],
    ['exec', [], 'exec', []],
  ])('%s %j starts %s %j', (word, args, program, rest) => {
    expect(withoutShellWord(word, args)).toEqual({ program, args: rest });
  });
});

describe('the workers of somebody’s own command line', () => {
  test.each([
    ['jest', ['src'], ['src', '--maxWorkers=2'], 2],
    ['jest', ['--', 'src'], ['--maxWorkers=2', '--', 'src'], 2],
    ['jest', ['-i'], ['-i'], 1],
    ['jest', ['--version'], ['--version'], null],
    ['jest', ['--listTests'], ['--listTests'], null],
    ['vitest', ['run'], ['run', '--maxWorkers=2', '--minWorkers=2'], 2],
    ['turbo', ['run', 'test'], ['run', 'test', '--concurrency=2'], 2],
    ['turbo', ['run', 'test', '--', '-u'], ['run', 'test', '--concurrency=2', '--', '-u'], 2],
    ['turbo', ['run', 'build'], ['run', 'build'], null],
    ['turbo', ['prune', 'web'], ['prune', 'web'], null],
    ['pytest', ['-q'], ['-q'], null],
  ] as const)('%s %j is started as %j', (runner, args, expected, workers) => {
    expect(shapeOwn(runner, args, { cap: null, isFree: false }, __dirname, {})).toMatchObject({
      args: expected,
      workers,
    });
  });
});

describe('a cap in the config', () => {
  test('is told to the runners below, and holds for the number that the caller names', () => {
    const told = readShape(writeShape({ cap: 3, isFree: false }));
    expect(told).toEqual({ cap: 3, isFree: false });
    expect(shapeOwn('jest', ['-w', '8'], { cap: 3, isFree: false }, __dirname, {})).toEqual({
      args: ['--maxWorkers=3'],
      workers: 3,
    });
    expect(readShape(writeShape({ cap: null, isFree: false }))).toEqual({ cap: null, isFree: false });
  });

  test.each([undefined, '', '1e9', '-1', 'yes', '0'])('is none where the variable holds %j', (value) => {
    expect(readShape(value)).toBeNull();
  });
});

describe('the workers of an overload run', () => {
  test.each([
    [['src'], null],
    [['-w', '3'], 3],
  ])('%j stay as they are', (args, workers) => {
    expect(shapeOwn('jest', args, { cap: 2, isFree: true }, __dirname, {})).toEqual({ args, workers });
  });
});

describe('what a run keeps the others waiting with', () => {
  const context = {
    cwd: '/',
    envPrefix: 'BASESHOP',
    packages: createPackageReader(),
    repository: { packageManager: 'npm', governedScriptAt: null },
  } as const;
  const said = (line: string, isTerminal = false) =>
    heldUpBy(classifyArgv(line.split(' '), context), isTerminal);

  test.each([
    ['npx jest --watch', /it watches/],
    ['npx vitest --watch', /it watches/],
    ['npx turbo run test', /turbo takes the whole workspace/],
    ['npx turbo watch test', /it watches/],
  ])('is said: %s', (line, words) => {
    expect(said(line)).toMatch(words);
  });

  test('is said of vitest, which watches at a terminal by itself', () => {
    expect(said('npx vitest', true)).toMatch(/it watches/);
    expect(said('npx vitest run', true)).toBeNull();
  });

  test.each([
    'npx jest',
    'npx jest --watch=false',
    'npx vitest',
    'npx turbo run test --filter=web',
    'pytest',
  ])('is nothing for %s', (line) => {
    expect(said(line)).toBeNull();
  });
});
