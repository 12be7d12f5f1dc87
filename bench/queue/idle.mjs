// What a hundred waiters cost while nothing happens.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { peer, row } from '../lib/report.mjs';
import { ours } from './contenders.mjs';
import { allEnded, countEvents, quantile, setStage, until } from './stage.mjs';

const waiters = 100;
const watchedMs = 60_000;

/** The time that all threads of a process have spent on a CPU, in milliseconds. */
export function cpuMs(pid) {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

function pssMb(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))[1]) / 1024;
}

export const title = `${waiters} waiters for a minute`;

export async function run() {
  const stage = setStage();
  const holder = ours.start(stage, 'holder', stage.fifo);
  await until('the holder runs', () => countEvents(stage, 'start') === 1);
  const children = Array.from({ length: waiters }, (_, index) => ours.start(stage, `waiter-${index}`, 0));
  await ours.waitUntilUp(stage, waiters);
  // V8 tidies up after a start: up to three collections, eight seconds apart.
  await pause(26_000);
  const before = children.map(({ pid }) => cpuMs(pid));
  const began = performance.now();
  await pause(watchedMs);
  const elapsed = performance.now() - began;
  const each = children.map(({ pid }, index) => cpuMs(pid) - before[index]);
  const memory = children.map(({ pid }) => pssMb(pid));
  for (const child of children) child.kill('SIGKILL');
  holder.kill('SIGTERM');
  await allEnded([...children, holder]);
  const busy = each.reduce((sum, ms) => sum + ms, 0);
  const met = [
    row('CPU of all of them, of one core', (busy / elapsed) * 100, { atMost: 1, unit: ' %' }),
    row('memory of one (PSS, the highest)', Math.max(...memory), { atMost: 25, unit: ' MB' }),
  ];
  peer('CPU of the busiest one, of one core', (Math.max(...each) / elapsed) * 100, { unit: ' %', digits: 3 });
  peer('memory of one, median', quantile(memory, 0.5), { unit: ' MB' });
  return met;
}
