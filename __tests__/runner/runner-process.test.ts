import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isProven, type RunnerProcess, startRunner } from '../../src/runner/runner-process.ts';
import { openRunLab } from './run-lab.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'tg-runner-process-')));
afterAll(() => rmSync(place, { recursive: true, force: true }));

function started(process: RunnerProcess | Error): RunnerProcess {
  if (process instanceof Error) throw process;
  return process;
}

const endOf = (runner: RunnerProcess) =>
  new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) =>
    runner.onEnd((code, signal) => resolve({ code, signal })),
  );

test.each([
  ['20.0.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['22.23.3', true],
  ['22.24.0', false],
  ['21.7.3', false],
  ['24.0.0', false],
  ['24.21.0', false],
  ['26.1.0', false],
  ['220.1.0', false],
  ['22', false],
  ['', false],
])('the handle is used in node %s: %s', (version, isUsed) => {
  expect(isProven(version)).toBe(isUsed);
});

describe.each([
  // In a node that is not proven the two are one.
  ['by the handle, if it is known', process.versions.node],
  ['by child_process', '24.21.0'],
])('a runner that is started %s', (_way, version) => {
  const sh = (script: string, environment: Readonly<Record<string, string | undefined>> = {}) =>
    started(startRunner({ file: '/bin/sh', words: ['-c', script, 'sh'], cwd: place }, environment, version));

  test('gets exactly its arguments, its environment and its directory', async () => {
    const file = join(place, 'told');
    const words = ['it’s', '"a" $HOME', 'two\nlines', '', '--', '*', '\\'];
    const script = `require('fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.argv.slice(1), process.cwd(), process.env]))`;
    const environment = { 'odd-name': 'kept', EMPTY: '', LINES: 'a\nb', ABSENT: undefined };
    const runner = startRunner(
      { file: process.execPath, words: ['-e', script, '--', ...words], cwd: place },
      environment,
      version,
    );
    expect(await endOf(started(runner))).toEqual({ code: 0, signal: null });
    const [args, cwd, env] = JSON.parse(readFileSync(file, 'utf8'));
    expect([args, cwd]).toEqual([words, place]);
    expect(env).toMatchObject({ 'odd-name': 'kept', EMPTY: '', LINES: 'a\nb' });
    expect(Object.keys(env)).not.toContain('ABSENT');
    expect(Object.keys(env)).not.toContain('PATH');
  });

  test('is found on the PATH of its own environment', async () => {
    const runner = startRunner(
      { file: 'sh', words: ['-c', 'exit 4'], cwd: place },
      { PATH: '/bin' },
      version,
    );
    expect(await endOf(started(runner))).toEqual({ code: 4, signal: null });
  });

  test.each([0, 7, 255])('ends with its own status %d', async (code) => {
    expect(await endOf(sh(`exit ${code}`))).toEqual({ code, signal: null });
  });

  test('tells the signal that ended it, and takes no other one afterwards', async () => {
    const runner = sh('while :; do :; done');
    expect(runner.kill('SIGTERM')).toBe(true);
    expect(await endOf(runner)).toEqual({ code: null, signal: 'SIGTERM' });
    expect(runner.kill('SIGTERM')).toBe(false);
  });

  test('that is not there is said to be so as node says it', async () => {
    const file = join(place, 'absent');
    const runner = started(startRunner({ file, words: [], cwd: place }, {}, version));
    expect(runner.pid).toBeUndefined();
    const error = await new Promise<Error>((resolve) => runner.onFailure(resolve));
    expect(error.message).toBe(`spawn ${file} ENOENT`);
  });

  test('whose command is too long for the system is not started', () => {
    const words = ['-c', ':', 'x'.repeat(3_000_000)];
    const runner = startRunner({ file: '/bin/sh', words, cwd: place }, {}, version);
    expect(runner).toMatchObject({ message: expect.stringContaining('E2BIG') });
  });
});

test('nothing is said of deprecated parts of node, whose user wants to hear of his own', async () => {
  const lab = openRunLab();
  lab.runner('exit 0');
  const run = lab.start({ environment: { NODE_OPTIONS: '--pending-deprecation' } });
  expect(await run.ended).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  ['gives no constructor', 'process.binding = () => ({ Process: () => 1 })'],
  ['gives handles that start nothing', 'process.binding = () => ({ Process: class {} })'],
  ['gives nothing', 'process.binding = () => null'],
  ['throws', 'process.binding = () => { throw new Error("not here") }'],
  ['is gone', 'delete process.binding'],
  ['cannot be asked in silence', "Object.defineProperty(process, 'noDeprecation', { get: () => undefined })"],
])('the tests run as well where a preload has seen to it that the binding %s', async (_what, text) => {
  const lab = openRunLab();
  lab.runner('exit 7');
  const preload = join(place, 'preload.cjs');
  writeFileSync(preload, text);
  const run = lab.start({ environment: { NODE_OPTIONS: `--require ${preload}` } });
  expect(await run.ended).toMatchObject({ status: 7, stderr: '' });
});
