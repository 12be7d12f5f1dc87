import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { serializeEvent, type TelemetryEvent } from '../../src/telemetry/event.ts';
import { readEvents } from '../../src/telemetry/read.ts';
import { sampleEvent } from './sample.ts';
import { bundleProgram, type Ended, eventFiles, rawLines, scratch, start } from './support.ts';

const writers = 16;
const eventsEach = 2000;

const programs = scratch();
let program = '';
beforeAll(() => {
  program = bundleProgram('writer', programs.path);
});
afterAll(programs.remove);

let state = scratch();
/** Not there when the writers start. */
const directory = () => join(state.path, 'cache', 'state');
beforeEach(() => {
  state = scratch();
});
afterEach(() => state.remove());

interface Written extends Ended {
  /** The numbers that the writer said were in the file. */
  readonly acknowledged: readonly number[];
}

/** One writer; with `killAfter` it is killed as soon as it has acknowledged that many events. */
async function write(writer: number, rotateAbove: number, killAfter?: number): Promise<Written> {
  const args = [program, directory(), String(writer), String(eventsEach), String(rotateAbove)];
  const ended = await start(
    process.execPath,
    args,
    killAfter === undefined
      ? { stdoutTo: join(state.path, `writer-${writer}`) }
      : {
          onLines: (count, child) => {
            if (count >= killAfter) {
              child.kill('SIGKILL');
            }
          },
        },
  );
  // A number counts once its newline is there.
  return { ...ended, acknowledged: ended.stdout.split('\n').slice(0, -1).map(Number) };
}

/** The numbers that each writer has in the files, in the order in which they are read. */
async function series(): Promise<{ found: ReadonlyMap<number, readonly number[]>; torn: number }> {
  const found = new Map<number, number[]>();
  const reading = readEvents(directory());
  for await (const event of reading.events) {
    const { workers, queued_ms: sequence } = event;
    if (workers !== null && sequence !== null) {
      const numbers = found.get(workers) ?? [];
      numbers.push(sequence);
      found.set(workers, numbers);
    }
  }
  expect(reading.counts).toMatchObject({ foreign: 0, unreadable: 0, files: eventFiles(directory()).length });
  return { found, torn: reading.counts.torn };
}

const all = Array.from({ length: eventsEach }, (_, sequence) => sequence);

describe('sixteen processes that write 2,000 events each at once', () => {
  test('lose nothing, tear no line and keep their order through many rotations', async () => {
    const ended = await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, 1_000_000)));
    for (const { status, acknowledged } of ended) {
      expect(status).toBe(0);
      expect(acknowledged).toEqual(all);
    }
    const lines = rawLines(directory());
    expect(lines).toHaveLength(writers * eventsEach);
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
    const { found, torn } = await series();
    expect(torn).toBe(0);
    for (let writer = 0; writer < writers; writer++) {
      expect(found.get(writer)).toEqual(all);
    }
    expect(eventFiles(directory()).length).toBeGreaterThan(5);
    for (const name of eventFiles(directory())) {
      expect(statSync(join(directory(), name)).size).toBeLessThanOrEqual(1_000_000 + writers * 1000);
    }
  }, 240_000);

  test('lose nothing of what was acknowledged when four are killed with -9 around the rotation at 20 MB', async () => {
    const filler: TelemetryEvent = sampleEvent({ workers: null });
    const line = serializeEvent(filler);
    mkdirSync(directory(), { recursive: true });
    writeFileSync(
      join(directory(), 'events.jsonl'),
      line.repeat(Math.ceil((14 * 1024 * 1024) / line.length)),
      {
        mode: 0o600,
      },
    );
    const victims = 4;
    const ended = await Promise.all(
      Array.from({ length: writers }, (_, writer) =>
        write(writer, 0, writer < victims ? 200 + 500 * writer : undefined),
      ),
    );
    const { found, torn } = await series();
    ended.forEach(({ signal, status, acknowledged }, writer) => {
      const written = found.get(writer) ?? [];
      if (writer < victims) {
        expect(signal).toBe('SIGKILL');
        // The last event may be in the file and its acknowledgement lost with the writer.
        expect(written.slice(0, acknowledged.length)).toEqual(acknowledged);
        expect(written.length - acknowledged.length).toBeLessThanOrEqual(1);
      } else {
        expect(status).toBe(0);
        expect(written).toEqual(all);
      }
    });
    // A process that dies within its write may leave the beginning of a line, never spoil another's.
    expect(torn).toBeLessThanOrEqual(victims);
    expect(eventFiles(directory())).toHaveLength(2);
  }, 240_000);
});
