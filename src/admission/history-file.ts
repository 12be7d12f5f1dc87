import { closeSync, openSync, readdirSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemReason } from '../error-code.ts';
import { staleMs, takeLock } from '../telemetry/lock.ts';
import {
  faultIn,
  type History,
  type HistoryReading,
  historyName,
  isSound,
  type RunFigures,
  readHistory,
  serializeHistory,
  withRun,
} from './history.ts';

/** Whether a run is in the history; if not, why, as half a sentence for people. */
export type RecordResult =
  /** With one sentence when something else stood in its place and was moved aside for it; the path is not escaped. */
  | { readonly kind: 'recorded'; readonly sentence: string | null }
  | { readonly kind: 'not-recorded'; readonly reason: string };

/** What became of a file that is no history: one sentence for people (the path in it is not escaped). */
export interface SetAside {
  readonly sentence: string;
}

const lockName = 'history.json.lock';

const consequence = 'until runs have been measured, memory is taken from the seeded budgets';

/** Nobody waits for the end of a run that is over; half a second is many writes of others. */
const defaultLockWaitMs = 500;

/** Other writers rename theirs within milliseconds; one that is older was left by a process that was killed. */
const abandonedMs = 60_000;

const temporaryPattern = /^history\.json\.\d+\.tmp$/;

function underLock<T>(
  stateDirectory: string,
  waitMs: number,
  work: () => T,
  otherwise: (reason: string) => T,
): T {
  const lock = takeLock(stateDirectory, waitMs, lockName);
  switch (lock.kind) {
    case 'held':
      try {
        return work();
      } catch (error) {
        return otherwise(systemReason(error, historyName));
      } finally {
        lock.release();
      }
    case 'busy':
      return otherwise(
        `${lockName} is held, by another run or by one that was killed within the last ${staleMs / 1000} seconds`,
      );
    case 'unavailable':
      return otherwise(`${lockName} cannot be made in ${stateDirectory}`);
    default:
      return lock satisfies never;
  }
}

/** Gives what is in the place of the history another name, and says which; only the holder of the lock may. */
function rename(stateDirectory: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '');
  const name = `${historyName}.unusable-${stamp}`;
  renameSync(join(stateDirectory, historyName), join(stateDirectory, name));
  return name;
}

/** Removes the new files of writers that were killed before they could put them in the place of the old one. Never throws. */
function removeAbandonedDrafts(stateDirectory: string): void {
  try {
    for (const name of readdirSync(stateDirectory)) {
      const path = join(stateDirectory, name);
      if (temporaryPattern.test(name) && Date.now() - statSync(path).mtimeMs > abandonedMs) unlinkSync(path);
    }
  } catch {
    // Gone meanwhile, or no file: the run is recorded by now, and nothing depends on this.
    return;
  }
}

/** Puts a whole new file in the place of the old one, so that no reader sees half of it. */
function replaceHistory(stateDirectory: string, history: History): void {
  const temporary = join(stateDirectory, `${historyName}.${process.pid}.tmp`);
  const bytes = Buffer.from(serializeHistory(history));
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    if (writeSync(descriptor, bytes) !== bytes.length) throw Object.assign(new Error(), { code: 'ENOSPC' });
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, join(stateDirectory, historyName));
}

/** Reads the history and looks at all of it, unlike a run that starts. */
function readWhole(stateDirectory: string): HistoryReading {
  const reading = readHistory(stateDirectory);
  return reading.kind === 'ok' && !isSound(reading.history)
    ? { kind: 'foreign', reason: 'an entry of it has another shape' }
    : reading;
}

function moveAside(stateDirectory: string, reason: string): string {
  const place = join(stateDirectory, historyName);
  return `${place}: ${reason}; it is now ${rename(stateDirectory)}, and ${consequence}`;
}

/** Writes the run into what is there; only the holder of the lock may. */
function addRun(stateDirectory: string, key: string, figures: RunFigures): RecordResult {
  const reading = readWhole(stateDirectory);
  if (reading.kind === 'unreadable') return { kind: 'not-recorded', reason: reading.reason };
  const sentence = reading.kind === 'foreign' ? moveAside(stateDirectory, reading.reason) : null;
  const history: History = reading.kind === 'ok' ? reading.history : new Map();
  replaceHistory(stateDirectory, withRun(history, key, figures));
  removeAbandonedDrafts(stateDirectory);
  return { kind: 'recorded', sentence };
}

/**
 * Adds a finished run to `history.json`: read, changed and replaced whole under `history.json.lock`. A file in its place
 * that is no history is moved aside, never overwritten. Synchronous; waits at most `lockWaitMs` (500 ms) for its turn.
 * Never throws.
 */
export function recordFigures(
  stateDirectory: string,
  key: string,
  figures: RunFigures,
  lockWaitMs: number = defaultLockWaitMs,
): RecordResult {
  const failed = (reason: string): RecordResult => ({ kind: 'not-recorded', reason });
  const fault = faultIn(key, figures);
  if (fault !== null) return failed(fault);
  return underLock<RecordResult>(
    stateDirectory,
    lockWaitMs,
    () => addRun(stateDirectory, key, figures),
    failed,
  );
}

/**
 * Moves a file aside that is no history, so that it is said once, by one of those who met it, and nothing is lost. Null
 * when somebody else has done so meanwhile. Never throws.
 */
export function setHistoryAside(stateDirectory: string, lockWaitMs = defaultLockWaitMs): SetAside | null {
  const place = join(stateDirectory, historyName);
  return underLock<SetAside | null>(
    stateDirectory,
    lockWaitMs,
    () => {
      // Another process may have moved it and written a good one: what counts is what is there now.
      const reading = readHistory(stateDirectory);
      return reading.kind === 'foreign' ? { sentence: moveAside(stateDirectory, reading.reason) } : null;
    },
    (reason) => ({
      sentence: `${place} is no history and cannot be moved aside (${reason}): ${consequence}`,
    }),
  );
}
