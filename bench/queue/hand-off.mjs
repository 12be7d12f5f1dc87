// From the end of one job to the start of the next, with waiters that are already up.
import { peer, row } from '../lib/report.mjs';
import { ours, peers } from './contenders.mjs';
import { playLeast } from './least.mjs';
import { playLine } from './line-up.mjs';
import { quantile } from './stage.mjs';

/** How many lines of each length are played: some fifty hand-offs each at least. */
const lines = [
  { count: 2, rounds: 25 },
  { count: 20, rounds: 4 },
  { count: 200, rounds: 1 },
];

async function measure(contender, { count, rounds }) {
  const total = { handOffs: [], overlaps: 0, inversions: 0 };
  for (let round = 0; round < rounds; round++) {
    const { handOffs, overlaps, inversions } = await playLine(contender, count);
    total.handOffs.push(...handOffs);
    total.overlaps += overlaps;
    total.inversions += inversions;
  }
  return total;
}

export const title = 'Hand-off: from the end of one job to the start of the next';

export async function run() {
  const met = [];
  for (const line of lines) {
    const { handOffs, overlaps } = await measure(ours, line);
    const what = `${line.count} waiters up, ${handOffs.length} hand-offs`;
    met.push(row(`${what}: median`, quantile(handOffs, 0.5), { atMost: 3, unit: ' ms' }));
    met.push(row(`${what}: p99`, quantile(handOffs, 0.99), { atMost: 50, unit: ' ms' }));
    met.push(row(`${what}: two at once`, overlaps, { atMost: 0, digits: 0 }));
    for (const contender of peers) {
      if (!contender.isThere) {
        peer(contender.name, 'not installed');
        continue;
      }
      const other = await measure(contender, { ...line, rounds: Math.ceil(line.rounds / 5) });
      const [median, p99] = [0.5, 0.99].map((share) => quantile(other.handOffs, share).toFixed(1));
      const order = other.inversions === 0 ? '' : `, ${other.inversions} out of order`;
      peer(`${contender.name}: median / p99${order}`, `${median} / ${p99} ms`);
    }
  }
  const least = await playLeast(20);
  const [median, p99] = [0.5, 0.99].map((share) => quantile(least, share).toFixed(1));
  peer('a node program that is woken, starts the job, wakes the next: median / p99', `${median} / ${p99} ms`);
  return met;
}
