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
    [['npx', 'jest'], 'did you mean'],
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
});
