// Whether those who wait start in the order of their tickets.
import { row } from '../lib/report.mjs';
import { ours } from './contenders.mjs';
import { playLine } from './line-up.mjs';

const waiters = 200;
const rounds = 20;

export const title = `Order: ${waiters} waiters, ${rounds} rounds`;

export async function run() {
  let inversions = 0;
  let overlaps = 0;
  for (let round = 0; round < rounds; round++) {
    const line = await playLine(ours, waiters);
    inversions += line.inversions;
    overlaps += line.overlaps;
  }
  return [
    row('pairs that started out of the order of their tickets', inversions, { atMost: 0, digits: 0 }),
    row('two at once', overlaps, { atMost: 0, digits: 0 }),
  ];
}
