import { closeSync, openSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';

/** The file that is written to. */
export const liveName = 'events.jsonl';

/** `events-<time>.jsonl`, the time in UTC to the millisecond without the characters that some file systems refuse. */
const rotatedPattern = /^events-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})Z\.jsonl$/;

function rotatedName(time: number): string {
  return `events-${new Date(time).toISOString().replace(/[-:]/g, '')}.jsonl`;
}

function rotatedTime(name: string): number | null {
  const [, year, month, day, hour, minute, second, milli] = rotatedPattern.exec(name) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
  // There is no 32nd of March, and no name that comes after it.
  return Number.isNaN(time) ? null : time;
}

/** The names of the rotated files in a state directory, oldest first; empty when it cannot be read. */
export function rotatedNames(stateDirectory: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(stateDirectory);
  } catch {
    return [];
  }
  return names.filter((name) => rotatedTime(name) !== null).sort();
}

/**
 * Moves `events.jsonl` aside under a new name, to be called under the lock. Never throws; false when it stayed.
 *
 * Nothing is ever overwritten, even if two processes should do this at once: the name is first taken exclusively by
 * an empty file of our own, and the rename can only replace that one. Names grow even when the clock goes back, so
 * that their order is the order of the events. A writer that has the old file open still writes into it.
 */
export function rotate(stateDirectory: string, now: number = Date.now()): boolean {
  const newest = rotatedNames(stateDirectory).at(-1);
  let time = Math.max(now, (newest === undefined ? 0 : (rotatedTime(newest) ?? 0)) + 1);
  for (let tries = 0; tries < 100; tries++, time++) {
    const target = join(stateDirectory, rotatedName(time));
    try {
      closeSync(openSync(target, 'wx', 0o600));
    } catch (error) {
      if (errorCode(error) === 'EEXIST') {
        continue;
      }
      return false;
    }
    try {
      renameSync(join(stateDirectory, liveName), target);
      return true;
    } catch {
      removeEmpty(target);
      return false;
    }
  }
  return false;
}

function removeEmpty(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // An empty rotated file holds no event; the next reader passes over it.
    return;
  }
}
