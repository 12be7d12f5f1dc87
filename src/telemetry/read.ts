import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duplex, pipeline } from 'node:stream';
import { parse } from 'ndjson';
import { errorCode } from '../error-code.ts';
import { isTelemetryEvent, type TelemetryEvent } from './event.ts';
import { eventLines, type LineCounts } from './lines.ts';
import { liveName, rotatedNames } from './rotate.ts';

/** What a reading met; final once its events are exhausted. */
export interface ReadCounts {
  /** Files that were read, the rotated ones included. */
  readonly files: number;
  /** Files that are there but could not be read (no permission, a link). */
  readonly unreadable: number;
  readonly events: number;
  /** Lines that are no JSON: their writer was killed, or the disk was full. */
  readonly torn: number;
  /** Lines that are no event of a version that we know. */
  readonly foreign: number;
}

/** A reading under way. */
export interface Reading {
  /** The events, oldest file first, as they stood when the reading began. */
  readonly events: AsyncGenerator<TelemetryEvent, void, undefined>;
  readonly counts: ReadCounts;
}

type Counts = { -readonly [K in keyof ReadCounts]: ReadCounts[K] };

async function openFile(path: string, counts: Counts): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      counts.unreadable++;
    }
    return null;
  }
}

async function* readFile(file: FileHandle, counts: Counts): AsyncGenerator<TelemetryEvent, void, undefined> {
  const lines: LineCounts = { passed: 0, torn: 0, foreign: 0 };
  // Not strict: a line that is no JSON is passed over instead of ending the stream.
  const objects: Duplex = parse({ strict: false });
  pipeline(file.createReadStream({ autoClose: false }), eventLines(lines), objects, () => {
    // A failure to read reaches the loop below as the failure of the last stream.
  });
  let parsed = 0;
  try {
    for await (const value of objects) {
      parsed++;
      if (isTelemetryEvent(value)) {
        counts.events++;
        yield value;
      } else {
        counts.foreign++;
      }
    }
    counts.torn += lines.torn + lines.passed - parsed;
  } catch {
    counts.unreadable++;
    counts.torn += lines.torn;
  }
  counts.foreign += lines.foreign;
}

async function* readAll(
  stateDirectory: string,
  counts: Counts,
): AsyncGenerator<TelemetryEvent, void, undefined> {
  // The live file is opened before the others are listed: should it be moved aside in between, we still hold it,
  // and know it again among the others by its inode.
  const live = await openFile(join(stateDirectory, liveName), counts);
  const seen = new Set<string>();
  try {
    for (const name of rotatedNames(stateDirectory)) {
      const file = await openFile(join(stateDirectory, name), counts);
      if (file !== null) {
        try {
          yield* readOnce(file, seen, counts);
        } finally {
          await file.close();
        }
      }
    }
    if (live !== null) {
      yield* readOnce(live, seen, counts);
    }
  } finally {
    await live?.close();
  }
}

async function* readOnce(
  file: FileHandle,
  seen: Set<string>,
  counts: Counts,
): AsyncGenerator<TelemetryEvent, void, undefined> {
  const stats = await file.stat();
  const inode = `${stats.dev}:${stats.ino}`;
  if (!stats.isFile()) {
    counts.unreadable++;
    return;
  }
  if (!seen.has(inode)) {
    seen.add(inode);
    counts.files++;
    yield* readFile(file, counts);
  }
}

/**
 * Streams every event in a state directory, the rotated files first, in constant memory. Lines that are torn or not
 * ours are counted and passed over; never throws for what is, or is not, on the disk.
 */
export function readEvents(stateDirectory: string): Reading {
  const counts: Counts = { files: 0, unreadable: 0, events: 0, torn: 0, foreign: 0 };
  return { events: readAll(stateDirectory, counts), counts };
}
