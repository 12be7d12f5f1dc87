// npm run soak:queue [-- --seed N --rounds N --round N]: contenders for one queue that are killed, stopped, signalled and
// cancelled at random moments, while the queue's files are damaged and removed now and then, and a process of its own that watches
// for two holders, a lost ticket or a stuck queue. Linux. Exit status 1 when one was found; the seed then repeats the plan.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyDamage, applyFault } from './soak-queue/faults.mjs';
import { readLog } from './soak-queue/log.mjs';
import { patientMs, planRound } from './soak-queue/plan.mjs';
import { root, setStage, startContender } from './soak-queue/stage.mjs';
import { findInversions, judgeContender, longestIdleMs } from './soak-queue/verdict.mjs';

const usage = `usage: npm run soak:queue -- [--seed N] [--rounds N] [--round N] [--keep]
  --seed N    repeats the plan of an earlier soak
  --rounds N  how many rounds are played, 500 unless said otherwise
  --round N   plays that round alone, as often as --rounds says
  --keep      leaves the queue's directory behind
BASESHOP_CGROUPS=off before it plays without control groups.`;

/** What the command line asks for; ends this process where it asks for help, or for what there is not. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        rounds: { type: 'string', default: '500' },
        round: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (Number.isSafeInteger(Number(values.seed)) && Number(values.rounds) > 0) return values;
    console.error(usage);
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
  }
  return process.exit(64);
}

const options = readOptions();
const seed = Number(options.seed);
const rounds = Number(options.rounds);
if (!existsSync('/proc/locks')) {
  console.error('The soak needs /proc (Linux).');
  process.exit(69);
}

const stage = setStage();
const started = performance.now();
console.log(
  `seed ${seed}, ${rounds} rounds, control groups ${process.env.BASESHOP_CGROUPS === 'off' ? 'off' : 'where they can be made'}, in ${stage.directory}`,
);

let history = [];
const violations = [];
function note(text) {
  history.push(`${(performance.now() - started).toFixed(0).padStart(8)} ms  ${text}`);
}

const checker = fork(join(root, 'scripts', 'soak-queue', 'checker.mjs'), [stage.directory, stage.queue]);
await new Promise((resolve) => checker.once('message', resolve));
checker.on('message', (message) => {
  if (message.kind !== 'violation') return;
  note(`VIOLATION ${message.violation}`);
  violations.push(message.violation);
});
checker.on('exit', () => {
  if (!isOver) violations.push('the checker ended');
});
let isOver = false;

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}

/** The longest time in this round in which nobody held although somebody waited, in milliseconds. */
function askChecker() {
  return new Promise((resolve) => {
    const listen = (message) => {
      if (message.kind !== 'answer') return;
      checker.off('message', listen);
      resolve(message.longestIdleMs);
    };
    checker.on('message', listen);
    checker.send({ kind: 'ask' });
  });
}

async function playContender(round, contender) {
  await pause(contender.offset);
  const running = startContender(stage, round, contender);
  const { name, child } = running;
  checker.send({ kind: 'started', name, pid: child.pid });
  note(`${name} ${contender.kind} (pid ${child.pid}, ${contender.family}, ${contender.holdMs} ms)`);
  const ended = new Promise((resolve) => {
    const timer = setTimeout(() => resolve('nothing within 90 s'), 90_000);
    child.on('exit', (status, signal) => {
      // A timer that still ran would keep this process from ending.
      clearTimeout(timer);
      resolve(signal ?? status);
    });
  });
  const hits = contender.faults.map(async (fault) => {
    await pause(fault.at - contender.offset);
    note(await applyFault(stage, running, fault));
  });
  const end = await ended;
  checker.send({ kind: 'ended', name });
  note(`${name} ended: ${end}`);
  await Promise.all(hits);
  return { name, contender, end };
}

async function playRound(number, index) {
  const plan = planRound(seed, number);
  const before = planRound(seed, options.round === undefined ? Math.max(0, number - 1) : number);
  // What was damaged late in the round before is found in this one.
  checker.send({ kind: 'round', limitMs: Math.max(longestIdleMs(plan), longestIdleMs(before)) });
  const logged = readLog(stage.directory).length;
  const damage = plan.damages.map(async (hit) => {
    await pause(hit.at);
    note(applyDamage(stage, hit));
  });
  const ends = await Promise.all(plan.contenders.map((contender) => playContender(index, contender)));
  await Promise.all(damage);
  const log = readLog(stage.directory).slice(logged);
  const starts = log.filter(({ event }) => event === 'start');
  for (const { name, contender, end } of ends) {
    const wrong = judgeContender(contender, end, starts.filter((start) => start.contender === name).length);
    if (wrong !== null) violations.push(`${name} ${wrong}`);
  }
  for (const { contender, lease } of findInversions(plan, starts)) {
    violations.push(`${contender} started out of order (${lease})`);
  }
  return { plan, starts: starts.length, idleMs: await askChecker() };
}

/** Processes that carry a lease of this soak and live on. */
function findSurvivors() {
  const mark = `SOAK_DIR=${stage.directory}`;
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      // Ended, or another user's.
      return false;
    }
  });
}

function fail(round) {
  console.log(`\nRound ${round} of seed ${seed}:`);
  console.log(history.join('\n'));
  console.log('\nWhat must not be:');
  for (const violation of violations) console.log(`  ${violation}`);
  console.log(`\nThe state is kept in ${stage.directory}`);
  console.log(`Again: npm run soak:queue -- --seed ${seed} --round ${round} --rounds 100`);
}

const calm = {
  kind: 'run',
  index: 0,
  offset: 0,
  holdMs: 10,
  family: 'none',
  status: 0,
  queueTimeoutMs: patientMs,
  testTimeoutMs: 0,
  faults: [],
};
const idle = { plain: 0, disturbed: 0 };
let runs = 0;
let failed = false;
for (let index = 0; index < rounds && !failed; index++) {
  const number = options.round === undefined ? index : Number(options.round);
  history = [];
  const { plan, starts, idleMs } = await playRound(number, index);
  runs += starts;
  const isPlain =
    plan.damages.length === 0 &&
    plan.contenders.every(({ faults }) => faults.every(({ kind }) => kind !== 'stop'));
  idle[isPlain ? 'plain' : 'disturbed'] = Math.max(idle[isPlain ? 'plain' : 'disturbed'], idleMs);
  failed = violations.length > 0;
  if (failed) fail(number);
  else if ((index + 1) % 50 === 0) console.log(`  ${index + 1} rounds, ${runs} runs: nothing found`);
}
if (!failed) {
  // One who comes last finds what the others left, and cleans up after them.
  const { end } = await playContender('last', calm);
  const survivors = findSurvivors();
  if (end !== 0) violations.push(`the last contender ended with ${end}`);
  if (survivors.length > 0) violations.push(`processes live on: ${survivors.join(', ')}`);
  failed = violations.length > 0;
  if (failed) fail('last');
}
isOver = true;
checker.disconnect();
await once(checker, 'exit');
if (!failed && !options.keep) rmSync(stage.directory, { recursive: true, force: true });
console.log(
  `${failed ? 'FAILED' : 'Nothing found'}: seed ${seed}, ${runs} runs in ${((performance.now() - started) / 1000).toFixed(0)} s; longest wait with nobody holding: ${idle.plain.toFixed(0)} ms, ${idle.disturbed.toFixed(0)} ms where files were damaged or processes stopped.`,
);
process.exitCode = failed ? 1 : 0;
