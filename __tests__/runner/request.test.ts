import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseRunRequest, runDirectory } from '../../src/runner/request.ts';

describe('the words after `run`', () => {
  test.each([
    [['jest', '--', 'src', '--ci']],
    [['--', 'jest', '--', 'src', '--ci']],
    [['jest', 'src', '--ci']],
    [['--', '--', 'jest', '--', '--', 'src', '--ci']],
  ])('mean the same whatever a package manager made of the dashes: %j', (words) => {
    expect(parseRunRequest(words)).toEqual({ kind: 'run', intent: 'jest', args: ['src', '--ci'] });
  });

  test('keep a `--` that stands among the arguments', () => {
    expect(parseRunRequest(['turbo', '--', 'run', 'test', '--', '-u'])).toMatchObject({
      args: ['run', 'test', '--', '-u'],
    });
  });

  test.each([
    [['npx', 'eslint'], 'did you mean'],
    [['vitst'], 'test-governor run vitest'],
    [['rm', '-rf', '/'], 'is not something that a governed run starts'],
    [['constructor'], 'is not something that a governed run starts'],
    [[], 'test-governor run jest -- src'],
  ])('that name no intent are refused with what to type: %j', (words, sentence) => {
    const request = parseRunRequest(words);
    if (request.kind !== 'refused') throw new Error(`it was ${request.kind}`);
    expect(request.sentence).toContain(sentence);
  });
});

describe('a command that is to be started inside of a governed run is refused, with the right one', () => {
  test.each([
    ['jest -- npx jest src', 'type: test-governor run jest -- src'],
    ['jest -- npx -y jest@29 src', 'type: test-governor run jest -- src'],
    ['jest -- vitest run', 'type: test-governor run vitest -- run'],
    ['jest -- jest', 'type: test-governor run jest; for a path of that name: ./jest'],
    ['jest jest src', 'type: test-governor run jest -- src'],
    ['jest -- ./node_modules/.bin/jest src', 'type: test-governor run jest -- src'],
    ['jest -- node node_modules/jest/bin/jest.js src', 'type: test-governor run jest -- src'],
    ['jest -- npm test', "give it jest's own arguments: test-governor run jest -- <arguments>"],
    ['jest -- test-governor run jest -- src', 'type: test-governor run jest -- src'],
    ['vitest -- pnpm exec vitest run a', 'type: test-governor run vitest -- run a'],
    ['turbo -- turbo run test --filter=web', 'type: test-governor run turbo -- run test --filter=web'],
    ['pytest -- python3 -m pytest tests', 'type: test-governor run pytest -- tests'],
    ['watch-exclusive vitest npx vitest src', 'type: test-governor run watch-exclusive -- vitest src'],
    ['changed -- jest', 'a governed run starts the runner itself'],
    ['npx jest src', 'did you mean: test-governor run jest -- src'],
    ['npx vitest run --coverage', 'did you mean: test-governor run vitest -- run --coverage'],
    ['node_modules/.bin/jest', 'did you mean: test-governor run jest'],
    ['npm test', 'did you mean: test-governor run jest'],
  ])('%s', (line, sentence) => {
    const request = parseRunRequest(line.split(' '));
    if (request.kind !== 'refused') throw new Error(`it was ${request.kind}`);
    expect(request.sentence).toContain(sentence);
  });

  test('keeps its arguments apart as they were', () => {
    const request = parseRunRequest(['jest', '--', 'npx', 'jest', '-t', "it's a b"]);
    if (request.kind !== 'refused') throw new Error(`it was ${request.kind}`);
    expect(request.sentence).toContain(`test-governor run jest -- -t "it's a b"`);
  });

  test.each([
    'jest -- ./jest',
    'jest -- packages/jest',
    'jest -- src/bin/jest',
    'jest -- npm',
    'jest -- yarn src',
    'jest -- -t jest',
    'vitest -- run jest.config',
    'turbo -- run jest --filter=web',
    'watch-exclusive -- jest src',
  ])('but not a pattern or a task: %s', (line) => {
    expect(parseRunRequest(line.split(' ')).kind).toBe('run');
  });
});

describe('the directory of a run', () => {
  let root = '';
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'run directory ')));
    for (const path of ['mine/.git', 'mine/packages/a', 'other/.git'])
      mkdirSync(join(root, path), { recursive: true });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const script = { npm_lifecycle_event: 'test:governed' };

  test('is where the user was when the package manager went to the root', () => {
    const asked = join(root, 'mine/packages/a');
    expect(runDirectory(join(root, 'mine'), { ...script, INIT_CWD: asked })).toBe(asked);
  });

  test.each([
    ['another repository', { ...script, INIT_CWD: '/other' }],
    ['another script', { npm_lifecycle_event: 'build', INIT_CWD: '/mine/packages/a' }],
  ])('is the current one when INIT_CWD is that of %s', (_what, { INIT_CWD, ...rest }) => {
    const environment = { ...rest, INIT_CWD: root + INIT_CWD };
    expect(runDirectory(join(root, 'mine'), environment)).toBe(join(root, 'mine'));
  });

  test.each(['mine', 'mine/packages/b'])('is that of the package which the user named in %s', (at) => {
    const asked = join(root, 'mine/packages/a');
    expect(runDirectory(asked, { ...script, INIT_CWD: join(root, at) })).toBe(asked);
  });
});
