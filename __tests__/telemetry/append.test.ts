import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockSync } from 'proper-lockfile';
import { appendEvent } from '../../src/telemetry/append.ts';
import { isTelemetryEvent, serializeEvent } from '../../src/telemetry/event.ts';
import { takeLock } from '../../src/telemetry/lock.ts';
import { rotate, rotatedNames } from '../../src/telemetry/rotate.ts';
import { sampleEvent } from './sample.ts';
import { eventFiles, rawLines, scratch } from './support.ts';

let state = scratch();
beforeEach(() => {
  state = scratch();
});
afterEach(() => state.remove());

const live = () => join(state.path, 'events.jsonl');
const lock = () => join(state.path, 'telemetry.lock');

/** More than the wait for the lock by what a busy machine may add; a user's command stands behind every event. */
const boundMs = 2000;

function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const before = performance.now();
  const result = work();
  return { result, ms: performance.now() - before };
}

describe('an event', () => {
  test('is appended as one line to a file that only its owner can read', () => {
    expect(appendEvent(state.path, sampleEvent({ queued_ms: 1 }))).toEqual({ kind: 'written' });
    expect(appendEvent(state.path, sampleEvent({ queued_ms: 2 }))).toEqual({ kind: 'written' });
    expect(rawLines(state.path).map((line) => JSON.parse(line).queued_ms)).toEqual([1, 2]);
    expect(statSync(live()).mode & 0o777).toBe(0o600);
    expect(existsSync(lock())).toBe(false);
  });

  test('begins a line of its own after one that was left torn', () => {
    const line = serializeEvent(sampleEvent());
    writeFileSync(live(), line + line.slice(0, 100));
    expect(appendEvent(state.path, sampleEvent({ queued_ms: 7 }))).toEqual({ kind: 'written' });
    expect(readFileSync(live(), 'utf8')).toBe(
      `${line}${line.slice(0, 100)}\n${rawLines(state.path).at(-1)}\n`,
    );
    expect(isTelemetryEvent(JSON.parse(rawLines(state.path).at(-1) ?? ''))).toBe(true);
  });
});

describe('the file', () => {
  test('is moved aside before it grows above the limit, and no event is lost', () => {
    const bytes = serializeEvent(sampleEvent({ queued_ms: 0 })).length;
    for (let sequence = 0; sequence < 9; sequence++) {
      appendEvent(state.path, sampleEvent({ queued_ms: sequence }), { rotateAbove: 3 * bytes });
    }
    expect(eventFiles(state.path)).toHaveLength(3);
    expect(rawLines(state.path).map((line) => JSON.parse(line).queued_ms)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    for (const name of eventFiles(state.path)) {
      expect(statSync(join(state.path, name)).mode & 0o777).toBe(0o600);
      expect(statSync(join(state.path, name)).size).toBe(3 * bytes);
    }
  });

  test('is moved aside above 20 MB and not before', () => {
    const line = serializeEvent(sampleEvent());
    writeFileSync(live(), line.padEnd(20 * 1024 * 1024 - line.length, '\n'));
    appendEvent(state.path, sampleEvent());
    expect(eventFiles(state.path)).toEqual(['events.jsonl']);
    appendEvent(state.path, sampleEvent());
    expect(eventFiles(state.path)).toHaveLength(2);
    expect(eventFiles(state.path)[0]).toMatch(/^events-\d{8}T\d{6}\.\d{3}Z\.jsonl$/);
    expect(statSync(live()).size).toBe(line.length);
  });

  test('never replaces one that was moved aside before, at whatever time that was', () => {
    const now = Date.parse('2026-03-01T10:00:00.000Z');
    writeFileSync(live(), 'one\n');
    expect(rotate(state.path, now)).toBe(true);
    writeFileSync(live(), 'two\n');
    expect(rotate(state.path, now)).toBe(true);
    writeFileSync(live(), 'three\n');
    // The clock went back by an hour: the order of the names stays the order of the events.
    expect(rotate(state.path, now - 3600_000)).toBe(true);
    expect(rotatedNames(state.path)).toEqual([
      'events-20260301T100000.000Z.jsonl',
      'events-20260301T100000.001Z.jsonl',
      'events-20260301T100000.002Z.jsonl',
    ]);
    expect(rawLines(state.path)).toEqual(['one', 'two', 'three']);
  });

  test('is moved aside beside a file whose name tells a time that there is not', () => {
    writeFileSync(join(state.path, 'events-20260332T100000.000Z.jsonl'), '');
    writeFileSync(live(), 'one\n');
    expect(rotate(state.path)).toBe(true);
    expect(rotatedNames(state.path)).toHaveLength(1);
  });

  test('that is missing leaves nothing behind when it should be moved aside', () => {
    expect(rotate(state.path)).toBe(false);
    expect(eventFiles(state.path)).toEqual([]);
    expect(rotate(join(state.path, 'nowhere'))).toBe(false);
  });
});

describe('a lock that somebody else holds', () => {
  test('delays an event by a bounded time; it is then written, but the file is not moved aside', () => {
    writeFileSync(live(), serializeEvent(sampleEvent()));
    mkdirSync(lock());
    const { result, ms } = timed(() => appendEvent(state.path, sampleEvent(), { rotateAbove: 100 }));
    expect(result).toEqual({ kind: 'written' });
    expect(ms).toBeGreaterThan(200);
    expect(ms).toBeLessThan(boundMs);
    expect(eventFiles(state.path)).toEqual(['events.jsonl']);
    expect(rawLines(state.path)).toHaveLength(2);
    expect(existsSync(lock())).toBe(true);
  });

  test.each([
    ['a file, as ours is', () => writeFileSync(lock(), '')],
    ["a directory, as proper-lockfile's own is", () => mkdirSync(lock())],
    ['a link to nowhere', () => symlinkSync('/nowhere/at/all', lock())],
  ])('is taken over when its holder is long gone: %s', (_, place) => {
    place();
    lutimesSync(lock(), new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    writeFileSync(live(), serializeEvent(sampleEvent()));
    expect(appendEvent(state.path, sampleEvent(), { rotateAbove: 100 })).toEqual({ kind: 'written' });
    expect(eventFiles(state.path)).toHaveLength(2);
    expect(existsSync(lock())).toBe(false);
  });

  test('keeps out, and is kept out by, a plain proper-lockfile', () => {
    const release = lockSync(live(), { lockfilePath: lock(), realpath: false });
    expect(takeLock(state.path, 0)).toEqual({ kind: 'busy' });
    release();
    const taken = takeLock(state.path, 0);
    expect(taken.kind).toBe('held');
    expect(() => lockSync(live(), { lockfilePath: lock(), realpath: false })).toThrow('already being held');
    if (taken.kind === 'held') {
      taken.release();
      taken.release();
    }
    expect(existsSync(lock())).toBe(false);
  });

  test('is taken over when it lies in the future, as after a correction of the clock', () => {
    mkdirSync(lock());
    utimesSync(lock(), new Date(Date.now() + 86_400_000), new Date(Date.now() + 86_400_000));
    expect(appendEvent(state.path, sampleEvent())).toEqual({ kind: 'written' });
    expect(existsSync(lock())).toBe(false);
  });

  test.each([
    ['a file', () => writeFileSync(lock(), 'not a lock')],
    ['a dangling link', () => symlinkSync('/nowhere/at/all', lock())],
    ['a directory with something in it', () => mkdirSync(join(lock(), 'inside'), { recursive: true })],
  ])('may be %s: events are written all the same', (_, place) => {
    place();
    const before = lstatSync(lock());
    const { result, ms } = timed(() => appendEvent(state.path, sampleEvent()));
    expect(result).toEqual({ kind: 'written' });
    expect(ms).toBeLessThan(boundMs);
    expect(lstatSync(lock()).ino).toBe(before.ino);
  });
});

describe('what stands in the place of the file', () => {
  test('as a link is not followed', () => {
    const target = join(state.path, 'precious');
    writeFileSync(target, 'untouched');
    symlinkSync(target, live());
    expect(appendEvent(state.path, sampleEvent(), { rotateAbove: 1 })).toEqual({
      kind: 'not-written',
      reason: 'events.jsonl is a symbolic link',
    });
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    expect(lstatSync(live()).isSymbolicLink()).toBe(true);
  });

  test('as a link to nowhere creates nothing', () => {
    symlinkSync(join(state.path, 'new'), live());
    expect(appendEvent(state.path, sampleEvent()).kind).toBe('not-written');
    expect(existsSync(join(state.path, 'new'))).toBe(false);
  });

  test('as a directory is named', () => {
    mkdirSync(live());
    expect(appendEvent(state.path, sampleEvent(), { rotateAbove: 1 })).toEqual({
      kind: 'not-written',
      reason: 'events.jsonl is a directory',
    });
    expect(statSync(live()).isDirectory()).toBe(true);
  });

  test('as a pipe that nobody reads is named, without waiting', () => {
    execFileSync('mkfifo', [live()]);
    expect(appendEvent(state.path, sampleEvent())).toEqual({
      kind: 'not-written',
      reason: 'events.jsonl is not a file',
    });
  });

  test('is nothing at all when the state directory is gone', () => {
    rmSync(state.path, { recursive: true });
    expect(appendEvent(state.path, sampleEvent())).toEqual({
      kind: 'not-written',
      reason: 'the state directory is gone',
    });
  });

  test('keeps the mode that its owner gave it', () => {
    appendFileSync(live(), '');
    chmodSync(live(), 0o640);
    expect(appendEvent(state.path, sampleEvent())).toEqual({ kind: 'written' });
    expect(statSync(live()).mode & 0o777).toBe(0o640);
  });
});
