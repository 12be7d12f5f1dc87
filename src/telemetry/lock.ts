import { mkdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { lockSync } from 'proper-lockfile';

/** What a try to take the lock gave. */
export type LockResult =
  | { readonly kind: 'held'; readonly release: () => void }
  /** Others held it for the whole wait. */
  | { readonly kind: 'busy' }
  /** It cannot be taken at all (read-only or full disk, something else in its place). */
  | { readonly kind: 'unavailable' };

/** After this time without a sign of life a holder counts as gone; the least that proper-lockfile accepts. */
const staleMs = 2000;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function sleep(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

/**
 * The five calls that proper-lockfile makes, and no copy of the whole `fs` each time it is called.
 * A lock from the future (the clock was set back) would never grow stale: it is shown as very old.
 */
const lockFileSystem = {
  mkdirSync,
  rmdirSync,
  utimesSync,
  realpathSync: (path: string) => path,
  statSync: (path: string) => {
    const stats = statSync(path);
    if (stats.mtimeMs > Date.now() + 2 * staleMs) {
      stats.mtime = new Date(0);
    }
    return stats;
  },
};

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/**
 * Takes `telemetry.lock` in a state directory, waiting at most `waitMs` milliseconds. Never throws, and neither does
 * `release`. The lock is advice: two can hold it when one was stopped for two seconds, so nothing that is done under
 * it may lose data even then.
 */
export function takeLock(stateDirectory: string, waitMs: number): LockResult {
  const deadline = performance.now() + waitMs;
  const path = join(stateDirectory, 'telemetry.lock');
  for (let pause = 0.5; ; pause = Math.min(pause * 1.5, 4)) {
    try {
      const release = lockSync(join(stateDirectory, 'events.jsonl'), {
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
      if (codeOf(error) !== 'ELOCKED') {
        return { kind: 'unavailable' };
      }
    }
    const left = deadline - performance.now();
    if (left <= 0) {
      return { kind: 'busy' };
    }
    // A random share keeps waiters from knocking in step.
    sleep(Math.min(left, pause * (0.5 + Math.random())));
  }
}
