import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemReason } from '../error-code.ts';
import { serializeEvent, type TelemetryEvent } from './event.ts';
import { takeLock } from './lock.ts';
import { liveName, rotate } from './rotate.ts';

/** Whether the event is in the file; if not, why, as half a sentence for people (`the disk is full`). */
export type AppendResult =
  | { readonly kind: 'written' }
  | { readonly kind: 'not-written'; readonly reason: string };

/** Settings that only tests and benchmarks change. */
export interface AppendOptions {
  /** Size in bytes above which the file is moved aside: 20 MB. */
  readonly rotateAbove?: number;
  /** How long to wait for the lock, in milliseconds. */
  readonly lockWaitMs?: number;
}

/** A user's command waits at most this long for its telemetry. */
const defaultLockWaitMs = 250;

const defaultRotateAbove = 20 * 1024 * 1024;

const newline = 0x0a;

/** Opens the live file for appending; never through a link, and never waiting for the other end of a pipe. */
function openLive(stateDirectory: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  return openSync(
    join(stateDirectory, liveName),
    O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK,
    0o600,
  );
}

/** True when the file ends within a line: its writer was killed, or the disk was full. */
function endsTorn(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== newline;
}

/** Moves the file aside when this line would take it above the limit; only the holder of the lock may. */
function makeRoom(stateDirectory: string, bytes: number, rotateAbove: number): void {
  const stats = lstatSync(join(stateDirectory, liveName), { throwIfNoEntry: false });
  if (stats?.isFile() && stats.size > 0 && stats.size + bytes > rotateAbove) {
    rotate(stateDirectory);
  }
}

function writeLine(stateDirectory: string, line: string): AppendResult {
  const descriptor = openLive(stateDirectory);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) {
      return { kind: 'not-written', reason: `${liveName} is not a file` };
    }
    const bytes = Buffer.from(endsTorn(descriptor, stats.size) ? `\n${line}` : line);
    // One call: the kernel puts a whole line at the end of the file, also between those who came without the lock.
    return writeSync(descriptor, bytes) === bytes.length
      ? { kind: 'written' }
      : { kind: 'not-written', reason: 'the disk is full, or a size limit is reached' };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Appends one event to `events.jsonl`, moving a file above 20 MB aside first. Synchronous, never throws, and never
 * takes much longer than the wait for the lock (250 ms): a command of the user's stands behind it.
 *
 * Without the lock the line is written all the same, since an O_APPEND write of one line is not torn by others on a
 * local file system; only the rotation is left to somebody who has it.
 */
export function appendEvent(
  stateDirectory: string,
  event: TelemetryEvent,
  options: AppendOptions = {},
): AppendResult {
  const { rotateAbove = defaultRotateAbove, lockWaitMs = defaultLockWaitMs } = options;
  const line = serializeEvent(event);
  const lock = takeLock(stateDirectory, lockWaitMs);
  try {
    if (lock.kind === 'held') {
      makeRoom(stateDirectory, Buffer.byteLength(line), rotateAbove);
    }
    return writeLine(stateDirectory, line);
  } catch (error) {
    return { kind: 'not-written', reason: systemReason(error, liveName) };
  } finally {
    if (lock.kind === 'held') {
      lock.release();
    }
  }
}
