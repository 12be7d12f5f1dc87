import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isTelemetryEvent } from '../../src/telemetry/event.ts';
import { bundleProgram, scratch, start } from './support.ts';

/** The wait for the lock, and what a busy machine may add to it. */
const boundMs = 2000;

const programs = scratch();
let program = '';
beforeAll(() => {
  program = bundleProgram('hardship', programs.path);
});
afterAll(programs.remove);

let place = scratch();
let state = '';
beforeEach(() => {
  place = scratch();
  chmodSync(place.path, 0o755);
  state = join(place.path, 'state');
  mkdirSync(state);
});
afterEach(() => {
  chmodSync(state, 0o700);
  place.remove();
});

interface Report {
  readonly written: number;
  /** Why the first event that failed did, then three more. */
  readonly reasons: readonly (string | null)[];
  readonly slowestMs: number;
  /** Why the event after the hardship had ended was not written; null when it was. */
  readonly after?: string | null;
  readonly text?: string;
  readonly names?: readonly string[];
}

/** Runs the program below a shell that first prepares the hardship. */
async function suffer(command: string, args: readonly string[]): Promise<Report> {
  const { status, stdout, stderr } = await start(command, args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const report: Report = JSON.parse(stdout);
  return report;
}

const shell = (script: string, hardship: string): readonly string[] => [
  '-c',
  `${script} && exec "$0" "$1" "$2" "$3"`,
  process.execPath,
  program,
  hardship,
  state,
];

/**
 * A mount namespace of its own: what is mounted in it nobody else sees, and it goes away with the program.
 * Where we are not root, a user namespace gives the right to mount.
 */
const namespace = process.getuid?.() === 0 ? ['-m'] : ['-Urm'];

const mounted = (script: string, hardship: string): readonly string[] => [
  ...namespace,
  'sh',
  ...shell(script, hardship),
];

/** False in a container that takes this right away; there the nearest hardship that needs none is suffered. */
const mayMount =
  spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' })
    .status === 0;

/** Every line is an event, but for at most `torn` that are the beginning of one. */
function expectWhole(text: string, torn: number): void {
  const lines = text.split('\n').filter((line) => line !== '');
  const broken = lines.filter((line) => {
    try {
      return !isTelemetryEvent(JSON.parse(line));
    } catch {
      return true;
    }
  });
  expect(broken.length).toBeLessThanOrEqual(torn);
}

/** Refused writes, bounded in time, and a fresh start once there is room again. */
function expectRecovery(report: Report): void {
  expect(report.written).toBeGreaterThan(10);
  expect(report.reasons).not.toContain(null);
  expect(report.slowestMs).toBeLessThan(boundMs);
  expect(report.after).toBeNull();
  const text = report.text ?? '';
  // Each of the four refused writes may have left the beginning of a line.
  expectWhole(text, 4);
  const last: unknown = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  expect(last).toMatchObject({ queued_ms: 100_000 });
}

describe('telemetry', () => {
  test('on a full disk says so, quickly, and goes on as soon as there is room', async () => {
    const report = mayMount
      ? await suffer('unshare', mounted('mount -t tmpfs -o size=256k tmpfs "$3"', 'full'))
      : await suffer('sh', shell('ulimit -f 512', 'size-limit'));
    expectRecovery(report);
    expect(report.reasons[0]).toContain('the disk is full');
    expect(report.reasons.at(-1)).toBe(mayMount ? 'the disk is full' : 'the file size limit is reached');
  });

  test('on a read-only disk says so, quickly', async () => {
    const report = mayMount
      ? await suffer('unshare', mounted('mount -t tmpfs -o ro tmpfs "$3"', 'read-only'))
      : await suffer(process.execPath, [program, 'read-only', '/proc']);
    expect(report.written).toBe(0);
    expect(report.reasons).not.toContain(null);
    expect(report.reasons.at(-1)).toBe(
      mayMount ? 'the file system is read-only' : 'the state directory is gone',
    );
    expect(report.slowestMs).toBeLessThan(boundMs);
  });

  test('below a file size limit says so, quickly, and is not ended by the signal that comes with it', async () => {
    const report = await suffer('sh', shell('ulimit -f 64', 'size-limit'));
    expectRecovery(report);
    expect(report.reasons.at(-1)).toBe('the file size limit is reached');
  });

  test('in a directory that may not be written to says so, quickly', async () => {
    const report = await suffer(process.execPath, [program, 'unprivileged', state]);
    expect(report.written).toBe(0);
    expect(new Set(report.reasons)).toEqual(new Set(['the directory cannot be written to']));
    expect(report.slowestMs).toBeLessThan(boundMs);
  });

  test('in a process that has no file descriptor left says so, and keeps no lock', async () => {
    const report = await suffer('sh', shell('ulimit -n 64', 'no-descriptors'));
    expect(report.reasons).toEqual(Array(4).fill('too many files are open'));
    expect(report.after).toBeNull();
    expect(report.names).toEqual(['events.jsonl']);
  });
});
