import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendEvent } from '../../src/telemetry/append.ts';
import { serializeEvent } from '../../src/telemetry/event.ts';
import { type ReadCounts, readEvents } from '../../src/telemetry/read.ts';
import { sampleEvent } from './sample.ts';
import { bundleProgram, scratch, start } from './support.ts';

let state = scratch();
beforeEach(() => {
  state = scratch();
});
afterEach(() => state.remove());

const live = () => join(state.path, 'events.jsonl');
const line = (sequence: number) => serializeEvent(sampleEvent({ queued_ms: sequence }));

/** The numbers of the events in the order in which they come, and the final counts. */
async function readNumbers(): Promise<{ numbers: readonly (number | null)[]; counts: ReadCounts }> {
  const { events, counts } = readEvents(state.path);
  const numbers: (number | null)[] = [];
  for await (const event of events) {
    numbers.push(event.queued_ms);
  }
  return { numbers, counts };
}

describe('reading', () => {
  test('gives the events of all files, oldest first', async () => {
    writeFileSync(join(state.path, 'events-20260102T000000.000Z.jsonl'), line(3) + line(4));
    writeFileSync(join(state.path, 'events-20260101T235959.999Z.jsonl'), line(1) + line(2));
    writeFileSync(live(), line(5));
    writeFileSync(join(state.path, 'events-backup.jsonl'), line(99));
    expect(await readNumbers()).toEqual({
      numbers: [1, 2, 3, 4, 5],
      counts: { files: 3, unreadable: 0, events: 5, torn: 0, foreign: 0 },
    });
  });

  test.each([
    ['an empty directory', () => undefined],
    ['a directory that is not there', () => state.remove()],
  ])('gives nothing for %s', async (_, prepare) => {
    prepare();
    expect(await readNumbers()).toEqual({
      numbers: [],
      counts: { files: 0, unreadable: 0, events: 0, torn: 0, foreign: 0 },
    });
  });

  test('passes over torn and foreign lines, counts them, and loses none of their neighbours', async () => {
    const torn = line(0).slice(0, 60);
    const foreign = [
      'null',
      '0',
      '"text"',
      '[1]',
      '{}',
      '{"schema":1}',
      line(9).replace(':1,', ':2,').trim(),
    ];
    writeFileSync(
      live(),
      [`${torn}\n`, line(1), ...foreign.map((text) => `${text}\n`), '\n\r\n  \n', line(2), torn].join(''),
    );
    expect(await readNumbers()).toEqual({
      numbers: [1, 2],
      counts: { files: 1, unreadable: 0, events: 2, torn: 2, foreign: foreign.length },
    });
  });

  test('cuts an event free from a torn line, or from the zeros of a crash, before it', async () => {
    writeFileSync(live(), line(0).slice(0, 60) + line(1) + '\0'.repeat(5000) + line(2) + line(3));
    const { numbers, counts } = await readNumbers();
    expect(numbers).toEqual([1, 2, 3]);
    expect(counts).toMatchObject({ torn: 2, foreign: 0 });
  });

  test('takes a whole last line without its newline, and lines with carriage returns', async () => {
    writeFileSync(live(), line(1).replace('\n', '\r\n') + line(2).trimEnd());
    expect((await readNumbers()).numbers).toEqual([1, 2]);
  });

  test('needs no more memory for a line that does not end', async () => {
    const size = 64 * 1024 * 1024;
    writeFileSync(live(), line(1));
    // A hole reads as zeros, as does what a crash leaves on some file systems.
    truncateSync(live(), size);
    appendFileSync(live(), line(2) + line(3));
    const programs = scratch();
    try {
      const program = bundleProgram('reader', programs.path);
      const ended = await start(process.execPath, ['--max-old-space-size=48', program, state.path]);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(JSON.parse(ended.stdout)).toEqual({
        numbers: [1, 2, 3],
        counts: { files: 1, unreadable: 0, events: 3, torn: 1, foreign: 0 },
      });
    } finally {
      programs.remove();
    }
  }, 60_000);

  test('reads a file once that is moved aside while it is read', async () => {
    writeFileSync(live(), line(1) + line(2));
    const { events, counts } = readEvents(state.path);
    const first = await events.next();
    renameSync(live(), join(state.path, 'events-20260101T000000.000Z.jsonl'));
    appendEvent(state.path, sampleEvent({ queued_ms: 3 }));
    const numbers = [first.done ? null : first.value.queued_ms];
    for await (const event of events) {
      numbers.push(event.queued_ms);
    }
    expect(numbers).toEqual([1, 2]);
    expect(counts).toMatchObject({ files: 1, events: 2 });
  });

  test('can be left early', async () => {
    writeFileSync(live(), Array.from({ length: 1000 }, (_, sequence) => line(sequence)).join(''));
    const { events, counts } = readEvents(state.path);
    for await (const event of events) {
      expect(event.queued_ms).toBe(0);
      break;
    }
    expect(counts.events).toBe(1);
  });

  test('follows no link and waits for no pipe', async () => {
    symlinkSync('/etc/passwd', live());
    execFileSync('mkfifo', [join(state.path, 'events-20260101T000000.000Z.jsonl')]);
    mkdirSync(join(state.path, 'events-20260102T000000.000Z.jsonl'));
    writeFileSync(join(state.path, 'events-20260103T000000.000Z.jsonl'), line(1));
    const { numbers, counts } = await readNumbers();
    expect(numbers).toEqual([1]);
    expect(counts).toMatchObject({ files: 1, unreadable: 3 });
  });
});
