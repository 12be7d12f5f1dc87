import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { drawTicket } from '../../src/queue/draw.ts';
import { endLease } from '../../src/queue/hold.ts';
import { readLastRelease } from '../../src/queue/last-release.ts';
import { listPlace, moveEntry, removeEntry } from '../../src/queue/places.ts';
import { compareIds, numberOf } from '../../src/queue/ticket.ts';
import { leaseOf, openQueueLab, ownIdentity, ticketOf } from './queue-lab.ts';

const lab = openQueueLab();
let worker = '';
let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'draw-'));
  worker = join(home, 'worker.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'draw-worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: worker,
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function contend(mode: 'draw' | 'hold', queue: string, processes: number, count: number) {
  const programs = Array.from({ length: processes }, () =>
    lab.start(process.execPath, [worker, mode, queue, String(count)]),
  );
  const ends = await Promise.all(programs.map(({ ended }) => ended));
  expect(ends.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(Array(processes).fill(0));
  return ends.flatMap(({ stdout }) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line): { readonly id: string; readonly seen: readonly string[] } => JSON.parse(line)),
  );
}

describe('tickets that processes draw at the same moment', () => {
  test('are seen by everybody who stands behind them', async () => {
    const tickets = await contend('draw', join(home, 'drawn/queue'), 4, 40);
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(160);
    const overlooked = tickets.flatMap(({ id, seen }) =>
      tickets
        .filter((other) => compareIds(other.id, id) < 0 && !seen.includes(other.id))
        .map((other) => [id, other.id]),
    );
    expect(overlooked).toEqual([]);
  });

  test('let one process in at a time, and the last of them is the last release', async () => {
    const queue = join(home, 'held/queue');
    // Each worker opens a file that must not be there, and fails when it is.
    const turns = await contend('hold', queue, 4, 25);
    expect(turns).toHaveLength(100);
    const last =
      turns
        .map(({ id }) => id)
        .sort(compareIds)
        .at(-1) ?? '';
    // Each wrote its note while the next ones had their turns.
    expect(readLastRelease(queue)).toMatchObject({ id: last });
    expect(listPlace(queue, 'ended')).toEqual([last]);
  });
});

type Step = 'draw' | 'admit' | 'release' | 'release-last' | 'cancel' | 'remove';

test('numbers only grow, and the line is in the order of drawing, whatever happens in between', () => {
  const self = ownIdentity();
  const steps = fc.constantFrom<Step>('draw', 'draw', 'admit', 'release', 'release-last', 'cancel', 'remove');
  let run = 0;
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 30 }), (script) => {
      const queue = join(home, `model-${run++}/queue`);
      let line: string[] = [];
      let held: string[] = [];
      let released = 0;
      for (const step of script) {
        const [first] = line;
        const lease = step === 'release' ? held[0] : held.at(-1);
        switch (step) {
          case 'draw': {
            const { id: _, after: __, drawnAt: ___, ...request } = ticketOf(1, self);
            const drawn = drawTicket(queue, request);
            if (drawn.kind === 'failed') throw drawn.error;
            // Numbers of those that ran, or may still run, are not given out again.
            const numbers = [released, ...line.map(numberOf), ...held.map(numberOf)];
            expect(numberOf(drawn.ticket.id)).toBeGreaterThan(Math.max(...numbers));
            expect(drawn.ticket.after).toBe([...line, ...held].sort(compareIds).at(-1) ?? null);
            line.push(drawn.ticket.id);
            break;
          }
          case 'admit':
            if (first === undefined) break;
            expect(moveEntry(queue, 'tickets', 'leases', first)).toBe(true);
            held.push(first);
            line = line.slice(1);
            break;
          case 'release':
          case 'release-last':
            if (lease === undefined) break;
            endLease(queue, { ...leaseOf(1, self), id: lease });
            released = Math.max(released, numberOf(lease));
            held = held.filter((id) => id !== lease);
            break;
          case 'cancel':
            if (first === undefined) break;
            expect(moveEntry(queue, 'tickets', 'cancelled', first)).toBe(true);
            expect(moveEntry(queue, 'tickets', 'leases', first)).toBe(false);
            line = line.slice(1);
            break;
          case 'remove': {
            const last = line.pop();
            if (last === undefined) break;
            removeEntry(queue, 'tickets', last);
            break;
          }
          default:
            step satisfies never;
        }
        expect(listPlace(queue, 'tickets')).toEqual(line);
        expect(listPlace(queue, 'leases')).toEqual([...held].sort(compareIds));
      }
    }),
    { numRuns: 60 },
  );
});
