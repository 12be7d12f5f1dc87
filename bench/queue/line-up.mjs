// One line: a holder, waiters behind it that are all up, the release, and what the jobs wrote down until the last has ended.
import { setTimeout as pause } from 'node:timers/promises';
import { allEnded, countEvents, readLog, readTickets, release, setStage, toMs, until } from './stage.mjs';

/** Milliseconds between two starts, for those who queue in the order in which they were started. */
const apartMs = 4;

/**
 * How long each job lasts, in milliseconds. Far less than any run of tests, and long enough that what a runner writes down after a
 * start does not fall into the next hand-off.
 */
export const holdMs = 60;

/**
 * @param {object} contender of contenders.mjs
 * @param {number} count of waiters
 * @returns {Promise<{handOffs: number[], overlaps: number, inversions: number}>} hand-offs in milliseconds; inversions against the
 *   order of the tickets where there are any, else against that of the launches.
 */
export async function playLine(contender, count) {
  const stage = setStage();
  const children = [contender.start(stage, 'holder', stage.fifo)];
  await until('the holder runs', () => countEvents(stage, 'start') === 1);
  for (let index = 0; index < count; index++) {
    children.push(contender.start(stage, `waiter-${index}`, holdMs));
    await pause(apartMs);
  }
  await contender.waitUntilUp(stage, count);
  await pause(300);
  const order = orderOf(stage, children);
  release(stage);
  await until('all have ended', () => countEvents(stage, 'end') === count + 1, { everyMs: 50 });
  await allEnded(children);
  contender.close(stage);

  const log = readLog(stage);
  const starts = log.filter(({ event }) => event === 'start');
  const ends = new Map(log.filter(({ event }) => event === 'end').map(({ name, at }) => [name, at]));
  const handOffs = starts.slice(1).map(({ at }, index) => toMs(at - ends.get(starts[index].name)));
  return {
    handOffs,
    overlaps: log.filter(({ event }) => event === 'overlap').length,
    inversions: countInversions(starts.slice(1).map(({ name }) => order.get(name))),
  };
}

function orderOf(stage, children) {
  const tickets = readTickets(stage);
  const names = children.map((child, index) => ({ pid: child.pid, name: `waiter-${index - 1}` }));
  if (tickets.length === 0) return new Map(names.map(({ name }, index) => [name, index]));
  const nameOf = new Map(names.map(({ pid, name }) => [pid, name]));
  return new Map(tickets.map(({ holder }, index) => [nameOf.get(holder.pid), index]));
}

function countInversions(order) {
  let count = 0;
  for (let first = 0; first < order.length; first++) {
    for (let second = first + 1; second < order.length; second++) if (order[first] > order[second]) count++;
  }
  return count;
}
