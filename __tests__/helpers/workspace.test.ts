import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment } from './shell';
import {
  awkwardName,
  jestSuite,
  makeWorkspace,
  pytestSuite,
  turboSuite,
  vitestSuite,
  type Workspace,
  type WorkspaceOptions,
} from './workspace';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const made: Workspace[] = [];

function workspace(options: WorkspaceOptions): Workspace {
  const one = makeWorkspace(options);
  made.push(one);
  return one;
}

function run(
  cwd: string,
  command: string,
  args: readonly string[],
): { status: number | null; output: string } {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: baseEnvironment({ CI: '1' }),
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

describe('a temporary workspace', () => {
  test.each([
    ['npx', ['jest']],
    ['npm', ['test']],
    ['./node_modules/.bin/jest', []],
    ['node', ['node_modules/jest/bin/jest.js']],
  ])('runs the real jest through %s %j, in a directory with an awkward name', (command, args) => {
    const { path, runs } = workspace({ files: jestSuite(), link: ['jest'], name: awkwardName });
    expect(run(path, command, args)).toMatchObject({
      status: 0,
      output: expect.stringContaining('1 passed'),
    });
    expect(runs()).toBe(1);
  });

  test('runs the real vitest', () => {
    const { path, runs } = workspace({ files: vitestSuite(), link: ['vitest'] });
    expect(run(path, 'npm', ['test'])).toMatchObject({
      status: 0,
      output: expect.stringContaining('1 passed'),
    });
    expect(runs()).toBe(1);
  });

  test('runs the suites of every package through the real turbo', () => {
    const { path, runs } = workspace({ files: turboSuite(), link: ['jest', 'turbo'], git: true });
    expect(run(path, 'npx', ['turbo', 'run', 'test'])).toMatchObject({
      status: 0,
      output: expect.stringContaining('2 successful, 2 total'),
    });
    expect([runs('packages/one'), runs('packages/two')]).toEqual([1, 1]);
    expect(run(path, 'npx', ['turbo', 'run', 'build']).status).toBe(0);
    expect(runs('packages/one')).toBe(1);
  });

  test('runs the real pytest', () => {
    const { path, runs } = workspace({ files: pytestSuite() });
    expect(run(path, 'python3', ['-m', 'pytest', '-q']).output).toContain('1 passed');
    expect(runs()).toBe(1);
  });

  test('has a suite that fails with the status of its runner', () => {
    const { path, runs } = workspace({ files: jestSuite({ failing: true }), link: ['jest'] });
    expect(run(path, 'npx', ['jest'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('1 failed'),
    });
    expect(runs()).toBe(1);
  });

  test.each([['pnpm'], ['yarn'], ['bun'], ['turbo']] as const)('offers %s by its bin directory', (name) => {
    const { path, bin } = workspace({ files: {}, link: [name] });
    const env = baseEnvironment();
    const result = spawnSync(name, ['--version'], {
      cwd: path,
      encoding: 'utf8',
      env: { ...env, PATH: `${bin}${delimiter}${env.PATH}` },
    });
    expect(result).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+/) });
  });

  test('is a git repository whose tree is clean when asked for, and is gone after cleanup', () => {
    const { path, cleanup } = workspace({ files: jestSuite(), link: ['jest'], git: true });
    expect(run(path, 'git', ['status', '--porcelain'])).toEqual({ status: 0, output: '' });
    expect(run(path, 'git', ['rev-parse', 'HEAD']).status).toBe(0);
    cleanup();
    cleanup();
    expect(existsSync(path)).toBe(false);
  });

  test('writes a file that starts with a hash-bang as a program', () => {
    const { path } = workspace({ files: { 'tools/check': '#!/bin/sh\necho checked\n' } });
    expect(run(path, './tools/check', [])).toEqual({ status: 0, output: 'checked\n' });
  });
});
