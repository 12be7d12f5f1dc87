import { closeSync, lstatSync, openSync, rmdirSync, type Stats, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { lockSync } from 'proper-lockfile';
import { monotonicMs, sleepSync } from '../clock.ts';
import { errorCode } from '../error-code.ts';

/** What a try to take the lock gave. */
export type LockResult =
  | { readonly kind: 'held'; readonly release: () => void }
  /** Others held it for the whole wait. */
  | { readonly kind: 'busy' }
  /** It cannot be taken at all (read-only or full disk, something else in its place). */
  | { readonly kind: 'unavailable' };

/** After this time without a sign of life, in milliseconds, a holder counts as gone; the least that proper-lockfile accepts. */
export const staleMs = 2000;

/** A link in the lock's place is not followed; a lock from the future would never grow stale, so it is very old. */
function statSync(path: string, options?: { readonly throwIfNoEntry: false }): Stats | undefined {
  const stats = lstatSync(path, options);
  if (stats !== undefined && stats.mtimeMs > Date.now() + 2 * staleMs) {
    stats.mtime = new Date(0);
  }
  return stats;
}

/** Takes the name exclusively, as mkdir would: EEXIST when it is taken. */
function take(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
}

function give(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // EPERM is what POSIX says for a directory, EISDIR what Linux does: the lock of a plain proper-lockfile.
    if (errorCode(error) !== 'EISDIR' && errorCode(error) !== 'EPERM') {
      throw error;
    }
    rmdirSync(path);
  }
}

/**
 * The calls that proper-lockfile makes, so that it does not copy the whole of `fs` each time. Its lock is an empty file
 * here instead of a directory: that needs no block on the disk, which on ext4 mounted with `discard` makes
 * every release wait for the device, and everybody else with it.
 */
const lockFileSystem = {
  mkdirSync: take,
  rmdirSync: give,
  utimesSync,
  realpathSync: (path: string) => path,
  statSync,
};

/**
 * One cheap call that throws nothing; a failed try costs four calls, two errors with their stacks, and a turn on the
 * directory's own lock in the kernel, for which the holder has to wait when it lets go.
 */
function looksFree(path: string): boolean {
  const stats = lockFileSystem.statSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.mtime.getTime() < Date.now() - staleMs;
}

function tryLock(path: string): LockResult {
  try {
    if (!looksFree(path)) {
      return { kind: 'busy' };
    }
    const release = lockSync(path, {
      lockfilePath: path,
      realpath: false,
      stale: staleMs,
      fs: lockFileSystem,
      // The heartbeat that would call this runs on a timer, and we hold the lock within one turn of the event loop.
      onCompromised: () => undefined,
    });
    return {
      kind: 'held',
      release: () => {
        try {
          release();
        } catch {
          // Somebody took it for stale while we were stopped: then it is theirs to give back.
          return;
        }
      },
    };
  } catch (error) {
    return { kind: errorCode(error) === 'ELOCKED' ? 'busy' : 'unavailable' };
  }
}

/**
 * Takes a lock in a state directory (`telemetry.lock` unless another name is given), waiting at most `waitMs`
 * milliseconds. Never throws, and neither does `release`. The lock is advice: two can hold it when one was stopped for
 * two seconds, so nothing that is done under it may lose data even then.
 */
export function takeLock(stateDirectory: string, waitMs: number, name = 'telemetry.lock'): LockResult {
  const deadline = monotonicMs() + waitMs;
  const path = join(stateDirectory, name);
  // Measured with 16 writers on ext4: shorter pauses cost more of the processor and make no writer faster.
  for (let pause = 10; ; pause = Math.min(pause * 1.2, 20)) {
    const result = tryLock(path);
    const left = deadline - monotonicMs();
    if (result.kind !== 'busy' || left <= 0) {
      return result;
    }
    // A random share keeps waiters from knocking in step.
    sleepSync(Math.min(left, pause * (0.5 + Math.random())));
  }
}
