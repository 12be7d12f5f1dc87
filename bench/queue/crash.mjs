// What happens when a holder is killed with -9: its tests end, and only then the next one starts.
import { setTimeout as pause } from 'node:timers/promises';
import { peer, row } from '../lib/report.mjs';
import { ours, peers } from './contenders.mjs';
import { allEnded, countEvents, quantile, readLog, setStage, toMs, until } from './stage.mjs';

const rounds = 10;
const graceMs = 2000;
/** So long a peer may take before the table says that it did not happen. */
const patienceMs = 5000;

/**
 * Kills a holder while one waits, and gives the milliseconds until the waiter's job starts; null when it does not.
 * @param {(wrapper: number, tests: number) => readonly number[]} victims
 */
async function measure(contender, name, victims) {
  const stage = setStage({ BASESHOP_KILL_GRACE: String(graceMs / 1000) });
  const holder = contender.start(stage, name, stage.fifo);
  await until('the holder runs', () => countEvents(stage, 'start') === 1);
  const next = contender.start(stage, 'next', 0);
  await contender.waitUntilUp(stage, 1);
  await pause(300);
  const [{ pid: tests }] = readLog(stage);
  const killed = process.hrtime.bigint();
  for (const pid of victims(holder.pid, tests)) process.kill(pid, 'SIGKILL');
  const isNext = ({ event, name: who }) => event === 'start' && who === 'next';
  const hasStarted = await until('the next one', () => readLog(stage).some(isNext), {
    everyMs: 2,
    patienceMs: contender === ours ? 60_000 : patienceMs,
  }).then(
    () => true,
    () => false,
  );
  const log = readLog(stage);
  try {
    process.kill(tests, 'SIGKILL');
  } catch {
    // As it should be: it is gone.
  }
  if (!hasStarted) next.kill('SIGKILL');
  await allEnded([holder, next]);
  contender.close(stage);
  return {
    ms: hasStarted ? toMs(log.find(isNext).at - killed) : null,
    overlaps: log.filter(({ event }) => event === 'overlap').length,
  };
}

const wrapperAndTests = (wrapper, tests) => [wrapper, tests];
const wrapperAlone = (wrapper) => [wrapper];

async function repeat(name, victims) {
  const results = [];
  for (let round = 0; round < rounds; round++) results.push(await measure(ours, name, victims));
  return results;
}

export const title = `kill -9 of a holder, to the start of the next one (${rounds} times, the slowest counts; grace ${graceMs / 1000} s)`;

export async function run() {
  const met = [];
  let overlaps = 0;
  const cases = [
    ['wrapper and tests', 'holder', wrapperAndTests, 1000],
    ['the wrapper alone, tests that end when asked', 'holder', wrapperAlone, graceMs + 1000],
    ['the wrapper alone, tests that ignore SIGTERM', 'stubborn', wrapperAlone, graceMs + 1000],
  ];
  for (const [what, name, victims, atMost] of cases) {
    const results = await repeat(name, victims);
    overlaps += results.reduce((sum, result) => sum + result.overlaps, 0);
    const times = results.map(({ ms }) => ms);
    const detail = `median ${quantile(times, 0.5).toFixed(0)} ms`;
    met.push(row(`${what} (${detail})`, Math.max(...times), { atMost, unit: ' ms', digits: 0 }));
  }
  met.push(row('two at once', overlaps, { atMost: 0, digits: 0 }));
  for (const contender of peers.filter(({ name }) => name === 'flock' || name.includes('sem'))) {
    if (!contender.isThere) continue;
    const { ms, overlaps: beside } = await measure(contender, 'holder', wrapperAlone);
    const text = ms === null ? `not within ${patienceMs / 1000} s` : `${ms.toFixed(0)} ms`;
    peer(`${contender.name}, the wrapper alone${beside > 0 ? ': beside the old tests' : ''}`, text);
  }
  return met;
}
