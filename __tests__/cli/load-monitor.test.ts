import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

const command = join(guardedRoot, 'bin/load-monitor');

/** Outside any repository, so that no config is found. */
let directory = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'load é '));
  // The kernel counts every five seconds, and forgets slowly: from 0.1 the load takes two minutes to fall below the 0.01
  // that the tests hold it against.
  const burner = spawn('stress-ng', ['--cpu', '1', '--quiet', '--timeout', '120s'], { stdio: 'ignore' });
  while ((loadavg()[0] ?? 0) < 0.1) await sleep(200);
  burner.kill();
  await once(burner, 'exit');
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The environment of a user who has load checks on, as they are by default. */
const throttled = (more: Readonly<Record<string, string>> = {}) =>
  baseEnvironment({ TEST_THROTTLE_ENABLED: '', ...more });

function monitor(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd = directory,
) {
  const env = throttled(environment);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const figure = '\\d+(\\.\\d+)?';

describe('load-monitor', () => {
  test('says go with status 0 while the load is below the limit', () => {
    expect(monitor(['--max-load', '10000'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(new RegExp(`^go: load: ${figure}, MAX_LOAD is 10000\\n$`)),
      stderr: '',
    });
  });

  test('says no-go with status 1 while it is above', () => {
    expect(monitor(['--max-load', '0.01'])).toEqual({
      status: 1,
      stdout: expect.stringMatching(new RegExp(`^no-go: load: ${figure} is above MAX_LOAD 0.01\\n$`)),
      stderr: '',
    });
  });

  test.each([
    [{ MAX_LOAD: '0.01' }, [], 1],
    [{ MAX_LOAD: '10000' }, [], 0],
    [{ MAX_LOAD: '0.01' }, ['--max-load', '10000'], 0],
    [{ MAX_LOAD: '0.01', TEST_THROTTLE_ENABLED: 'false' }, [], 0],
    [{ TEST_THROTTLE_ENABLED: 'false' }, ['--max-load=0.01', '--wait=60'], 0],
    [{ TEST_THROTTLE_ENABLED: 'true' }, ['--max-load=0.01'], 1],
    [{ MAX_LOAD: 'abc', TEST_THROTTLE_ENABLED: 'false' }, [], 0],
  ])('with %j and %j gives %i', (environment, args, status) => {
    expect(monitor(args, environment).status).toBe(status);
  });

  test('has a limit of 8 where nobody says otherwise, and takes one from the config', () => {
    expect(JSON.parse(monitor(['--json']).stdout)).toMatchObject({ max_load: 8 });
    const repository = join(directory, 'repository');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const config = join(repository, 'test-governor.config.json');
    writeFileSync(config, '{"maxLoad":0.01}');
    expect(monitor([], {}, repository).status).toBe(1);
    expect(monitor([], { MAX_LOAD: '10000' }, repository).status).toBe(0);
    writeFileSync(config, '{"maxLoad":"much"}');
    expect(monitor([], {}, repository)).toEqual({
      status: 78,
      stdout: '',
      stderr: `load-monitor: ${config} at /maxLoad: expected number\n`,
    });
  });

  test('prints nothing with --quiet, also while it waits', () => {
    expect(monitor(['--quiet', '--max-load', '0.01'])).toEqual({ status: 1, stdout: '', stderr: '' });
    expect(monitor(['-q', '--max-load', '0.01', '--wait', '0.2'])).toEqual({
      status: 1,
      stdout: '',
      stderr: '',
    });
  });

  test('prints all that it sees with --verbose', () => {
    const { stdout } = monitor(['--verbose', '--max-load', '10000']);
    expect(stdout).toMatch(
      /^go: load: .*\nCPUs +\d+\npressure +(normal|warn|critical)\nmemory +[\d,]+ MB of /,
    );
    expect(stdout.match(/ stalls +\d.* % of the last 10 s$/gm) ?? []).toHaveLength(3);
  });

  test('prints one line of JSON with --json', () => {
    const { stdout, status } = monitor(['--json', '--max-load', '0.01']);
    expect(status).toBe(1);
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stdout)).toEqual({
      go: false,
      sentence: expect.stringContaining('is above MAX_LOAD 0.01'),
      load: expect.any(Number),
      max_load: 0.01,
      logical_cpu: expect.any(Number),
      pressure_level: expect.stringMatching(/^(normal|warn|critical)$/),
      memory_available_mb: expect.any(Number),
      memory_total_mb: expect.any(Number),
      memory_stall_pct: expect.any(Number),
      cpu_stall_pct: expect.any(Number),
      io_stall_pct: expect.any(Number),
    });
  });

  test('says at once what it waits for, and gives up when the time is over', () => {
    const before = performance.now();
    const { status, stdout, stderr } = monitor(['--wait', '1.5', '--max-load', '0.01']);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^load-monitor: waiting for at most 1.5 s: load: [\d.]+ is above MAX_LOAD 0.01\n$/,
    );
    expect(stdout).toMatch(/^no-go: /);
    expect(performance.now() - before).toBeGreaterThan(1500);
  });

  test('ends at once when it is interrupted while it waits', async () => {
    const child = spawn(process.execPath, [command, '--wait', '600', '--max-load', '0.01'], {
      cwd: directory,
      env: throttled(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });

  test('cannot go by a load that it cannot read', () => {
    const options = { cwd: directory, env: throttled(), encoding: 'utf8' } as const;
    const hide = 'mount -t tmpfs none /proc';
    if (spawnSync('unshare', ['--mount', 'sh', '-c', hide], options).status !== 0) {
      console.warn('NOT TRIED on the real command: /proc cannot be hidden here; the recorded trees show it.');
      return;
    }
    const hidden = `${hide} && exec '${process.execPath}' '${command}' --json`;
    const { status, stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', hidden], options);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      go: false,
      sentence: 'pressure: unknown (the probe /proc/loadavg failed: it cannot be read)',
      load: null,
      pressure_level: 'unknown',
      memory_available_mb: null,
    });
  });

  test('teaches itself with --help', () => {
    const { status, stdout } = monitor(['--help', '--max-load', '10000']);
    expect(status).toBe(0);
    for (const word of [
      '--max-load',
      '--wait',
      '--quiet',
      '--verbose',
      '--json',
      'MAX_LOAD',
      'exit status',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toContain('TEST_THROTTLE_ENABLED=false');
  });

  test.each<[Record<string, string>, string[], string]>([
    [{ MAX_LOAD: 'abc' }, [], 'MAX_LOAD=abc: expected a load average of 0 or more, such as 8'],
    [{ MAX_LOAD: '-1' }, ['--quiet'], 'MAX_LOAD=-1: expected'],
    [{}, ['--max-load', 'abc'], '--max-load=abc: expected a load average'],
    [{}, ['--max-load=-1'], '--max-load=-1: expected a load average'],
    [{}, ['--max-load='], '--max-load=: expected a load average'],
    [{}, ['--max-load'], "'--max-load <value>' argument missing"],
    [{}, ['--wait', 'soon'], '--wait=soon: expected seconds from 0'],
    [{}, ['--wait', '1e9'], '--wait=1e9: expected seconds from 0'],
    [{}, ['--bogus'], "Unknown option '--bogus'"],
    [{}, ['jest'], "Unexpected argument 'jest'"],
    [{}, ['--quiet', '--json'], '--quiet and --json exclude each other'],
    [{ TEST_THROTTLE_ENABLED: 'false' }, ['--bogus'], "Unknown option '--bogus'"],
    [{}, ['\u001b[31m'], '\\x1b[31m'],
  ])('refuses %j %j with status 64 and one sentence', (environment, args, sentence) => {
    const { status, stdout, stderr } = monitor(args, environment);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
