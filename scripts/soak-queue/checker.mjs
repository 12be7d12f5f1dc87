// A process of its own that watches the jobs and tells the driver what must not be: two holders, or a queue in which somebody
// waits and nobody runs. Started by soak-queue.mjs with fork; knows the contenders from its messages.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { readLog } from './log.mjs';

const [directory = '', queue = ''] = process.argv.slice(2);
const lookMs = 10;
/** A longer gap between two looks means that the machine was busy; it is nobody's fault then. */
const lateMs = 100;

const { ino } = statSync(join(directory, 'witness'));
const witnessLock = new RegExp(`FLOCK.*:${ino} `);

const contenders = new Map();
let limitMs = Number.POSITIVE_INFINITY;
let idleMs = 0;
let longestIdleMs = 0;
let lastLook = performance.now();
const reported = new Set();

process.on('message', (message) => {
  switch (message.kind) {
    case 'round':
      limitMs = message.limitMs;
      idleMs = 0;
      longestIdleMs = 0;
      break;
    case 'started':
      contenders.set(message.name, message.pid);
      break;
    case 'ended':
      contenders.delete(message.name);
      break;
    case 'ask':
      process.send({ kind: 'answer', longestIdleMs });
      break;
  }
});
process.on('disconnect', () => process.exit());

function report(violation) {
  if (reported.has(violation)) return;
  reported.add(violation);
  process.send({ kind: 'violation', violation });
}

/** The state letter of a process and when it started; null when there is none. */
function sight(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], startTime: fields[19] };
  } catch {
    return null;
  }
}

function stateOf(pid) {
  return sight(pid)?.state ?? null;
}

/** Names one job: a pid alone may be used again. */
function keyOf({ contender, pid, lease }) {
  return `${contender} ${pid} ${lease}`;
}

/** When each job's process started, by its key. */
const startTimes = new Map();

/** Whether a job runs; first asked within a moment of its start. */
function isRunning({ contender, pid, lease }) {
  const seen = sight(pid);
  const key = keyOf({ contender, pid, lease });
  if (!startTimes.has(key)) startTimes.set(key, seen?.startTime ?? null);
  return seen !== null && !'ZX'.includes(seen.state) && seen.startTime === startTimes.get(key);
}

/** The process that a ticket stands for; null when it went meanwhile or is damaged. */
function holderOf(name) {
  try {
    return JSON.parse(readFileSync(join(queue, 'tickets', name), 'utf8')).holder.pid;
  } catch {
    return null;
  }
}

/** The contenders that have a ticket and could go on: those that are stopped could not. */
function findWaiting() {
  const tickets = existsSync(join(queue, 'tickets')) ? readdirSync(join(queue, 'tickets')) : [];
  const pids = new Set(tickets.filter((name) => /^\d.*\.json$/.test(name)).map(holderOf));
  const isActive = (pid) => !['T', 't', 'Z', null].includes(stateOf(pid));
  return [...contenders].filter(([, pid]) => pids.has(pid) && isActive(pid)).map(([name]) => name);
}

/** On a machine that has twice as much to do as it can, everything takes twice as long. */
function strain() {
  return Math.max(1, loadavg()[0] / availableParallelism());
}

function look() {
  const now = performance.now();
  const passed = now - lastLook;
  lastLook = now;
  const log = readLog(directory);
  for (const { event, contender } of log) {
    if (event === 'overlap') report(`two holders: ${contender} started while the witness was held`);
  }
  const ended = new Set(log.filter(({ event }) => event === 'end').map(keyOf));
  const jobs = log.filter((line) => line.event === 'start' && !ended.has(keyOf(line)) && isRunning(line));
  if (jobs.length > 1) report(`two holders: ${jobs.map(({ contender }) => contender).join(', ')}`);

  const waiting = findWaiting();
  const isIdle = waiting.length > 0 && !witnessLock.test(readFileSync('/proc/locks', 'latin1'));
  if (!isIdle) idleMs = 0;
  else if (passed < lateMs) idleMs += passed;
  longestIdleMs = Math.max(longestIdleMs, idleMs);
  if (idleMs > limitMs * strain()) {
    report(`stuck: for ${Math.round(idleMs)} ms nobody held, while ${waiting.join(', ')} waited`);
    idleMs = 0;
  }
}

setInterval(look, lookMs);
process.send({ kind: 'ready' });
