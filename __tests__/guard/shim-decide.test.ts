import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, readEvents, runShell } from '../helpers/shell';
import { awkwardName, jestSuite, turboSuite } from '../helpers/workspace';
import { shims } from './shim-lab';
import { enforce, guarded, ways, workspace } from './ways';

// Package managers start node several times each; a busy machine takes its time over that.
jest.setTimeout(60_000);

describe('below with-guard, under enforce', () => {
  test('a task of a scoped turbo run does not run either, though turbo takes the mode from it', async () => {
    const one = workspace({ files: turboSuite(['one', 'two']) });
    const script = 'npx turbo run test --filter=one --concurrency=1';
    expect(await guarded(one, script, enforce)).toMatchObject({ status: 126, outcomes: ['blocked'] });
    expect(one.runs('packages/one')).toBe(0);
  });

  test.each(ways)('tests started by %s do not run: 126, one message, one event', async (_what, script) => {
    const one = workspace();
    const { status, messages, stderr, outcomes } = await guarded(one, script, enforce);
    expect({ status, runs: one.runs(), messages, outcomes }).toEqual({
      status: 126,
      runs: 0,
      messages: 1,
      outcomes: ['blocked'],
    });
    expect(stderr).toContain('no tests ran');
  });

  test('make says its own 2', async () => {
    const one = workspace();
    expect(await guarded(one, 'make test', enforce)).toMatchObject({
      status: 2,
      messages: 1,
      outcomes: ['blocked'],
    });
    expect(one.runs()).toBe(0);
  });

  test('a directory with an awkward name makes no difference', async () => {
    const one = workspace({ name: awkwardName });
    expect(await guarded(one, 'npm test', enforce)).toMatchObject({ status: 126, outcomes: ['blocked'] });
    expect(one.runs()).toBe(0);
  });

  test.each([
    ['turbo run test', 126],
    ['npm test', 126],
    ['npx turbo test', 126],
  ])('%s without scope starts no task of turbo’s', async (script, expected) => {
    const one = workspace({ files: turboSuite(['one', 'two', 'three']) });
    expect(await guarded(one, script, enforce)).toMatchObject({
      status: expected,
      messages: 1,
      outcomes: ['blocked'],
    });
    expect([one.runs('packages/one'), one.runs('packages/two')]).toEqual([0, 0]);
  });

  test.each(['npx jest --version', 'npm run build', 'npx turbo run build'])('%s runs', async (script) => {
    const files = { ...turboSuite(), 'sum.test.js': '' };
    const one = workspace({ files });
    expect(await guarded(one, script, enforce)).toMatchObject({ status: 0, messages: 0, outcomes: [] });
  });
});

describe('below with-guard, in the default mode', () => {
  test('a state directory of the user’s is kept through turbo: one message, one event, and it lies there', async () => {
    const one = workspace({ files: turboSuite(['one', 'two']) });
    const state = join(one.path, 'state');
    expect(await guarded(one, 'npx turbo run test', { BASESHOP_STATE_DIR: state })).toMatchObject({
      status: 0,
      messages: 1,
    });
    expect(readEvents(state)).toHaveLength(1);
    expect(readEvents(join(one.path, '.cache/test-governor'))).toEqual([]);
  });

  const some = [
    'npx in sh',
    'a path in sh',
    'npm test',
    'pnpm test',
    'yarn test',
    'bunx',
    'the absolute path of node',
  ];

  test.each(ways.filter(([what]) => some.includes(what)))(
    'tests started by %s run: one message, one event',
    async (_what, script) => {
      const one = workspace();
      const { status, messages, outcomes } = await guarded(one, script);
      expect({ status, runs: one.runs(), messages, outcomes }).toEqual({
        status: 0,
        runs: 1,
        messages: 1,
        outcomes: ['warned'],
      });
    },
  );

  test.each(['make test', 'sh -c "sh -c \\"npx jest\\""', 'npx npx jest'])(
    '%s crosses many layers: one message, one event',
    async (script) => {
      const one = workspace();
      expect(await guarded(one, script)).toMatchObject({ status: 0, messages: 1, outcomes: ['warned'] });
      expect(one.runs()).toBe(1);
    },
  );

  test.each(['npx turbo run test', 'turbo run test', 'npm test'])(
    '%s with three packages: one message, one event, though turbo takes our variables from its tasks',
    async (script) => {
      const one = workspace({ files: turboSuite(['one', 'two', 'three']) });
      expect(await guarded(one, script)).toMatchObject({ status: 0, messages: 1, outcomes: ['warned'] });
      expect(['one', 'two', 'three'].map((name) => one.runs(`packages/${name}`))).toEqual([1, 1, 1]);
    },
  );

  test('two commands of one shell are two messages and two events', async () => {
    const one = workspace();
    expect(await guarded(one, 'npx jest; npx jest')).toMatchObject({
      status: 0,
      messages: 2,
      outcomes: ['warned', 'warned'],
    });
    expect(one.runs()).toBe(2);
  });

  test('a failing suite keeps its status', async () => {
    const one = workspace({ files: jestSuite({ failing: true }) });
    expect(await guarded(one, 'npx jest')).toMatchObject({ status: 1, messages: 1, outcomes: ['warned'] });
  });
});

describe('a token in the environment', () => {
  test.each([
    ['made up', 'ffffffffffffffffffffffffffffffff'],
    ['a path', '../../../../../../../../etc/passwd'],
    ['empty', ''],
    ['"broken"', 'broken'],
  ])('that is %s helps nobody', async (_what, token) => {
    const one = workspace();
    expect(await guarded(one, 'npx jest', { ...enforce, BASESHOP_GUARD_DECISION: token })).toMatchObject({
      status: 126,
      outcomes: ['blocked'],
    });
    expect(one.runs()).toBe(0);
  });
});

describe('the shims alone', () => {
  test.each([
    ['npx jest', 126],
    ['npm test', 126],
    ['./node_modules/.bin/jest', 126],
    ['make test', 2],
  ])('block %s', async (script, status) => {
    const one = workspace();
    const env = baseEnvironment(enforce);
    const result = await runShell({
      shell: 'sh',
      script,
      cwd: one.path,
      env: { ...env, PATH: `${shims}:${env.PATH}` },
    });
    expect(result).toMatchObject({ status });
    expect(one.runs()).toBe(0);
  });
});
