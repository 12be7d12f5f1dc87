// What it costs to watch a run of a hundred processes, and to ask at its end whether it left anything behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root, scratchDirectory, scratchFile } from './lib/place.mjs';
import { peer, row } from './lib/report.mjs';

const watchedSeconds = 20;
const rounds = 101;

/** The module under test in one file, as the governed run loads it. */
function bundle() {
  const outfile = join(scratchDirectory('supervise'), 'process-tree.cjs');
  const from = (name) => `export * from './src/runner/process-tree/${name}.ts';`;
  buildSync({
    absWorkingDir: root,
    stdin: {
      contents: ['cgroup', 'cgroup-enter', 'end', 'find', 'observe'].map(from).join('\n'),
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  return outfile;
}

/** The program that does what a supervisor does, in a process of its own, and prints its figures as JSON. */
const supervisor = `
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { randomBytes } = require('node:crypto');
const { readFileSync } = require('node:fs');
const [bundle, task, groups, amount] = process.argv.slice(2);
const { openRunCgroups, enterRunCgroups, removeRunCgroups, endWork, findWork, hasLeftovers, observeWork } = require(bundle);
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(script) {
  const cookie = randomBytes(8).toString('hex');
  const began = performance.now();
  const cgroups = openRunCgroups(cookie, { enabled: groups === 'with' });
  const openMs = performance.now() - began;
  const child = spawn('sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, BASESHOP_GOVERNED_LEASE: cookie },
  });
  const stat = readFileSync('/proc/' + child.pid + '/stat', 'latin1');
  const own = { pid: child.pid, startTime: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] };
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  const namespace = require('node:fs').readlinkSync('/proc/self/ns/pid');
  const work = await enterRunCgroups({ cookie, leader: { ...own, bootId: boot, namespace }, cgroups });
  return { work, child, openMs };
}

async function watch(seconds) {
  // A leader, 89 small processes and 10 of node.
  const idle = 'node -e "setInterval(() => {}, 1e6)"';
  const { work } = await start(
    'i=0; while [ $i -lt 89 ]; do sleep 900 & i=$((i+1)); done; i=0; while [ $i -lt 10 ]; do ' + idle + ' & i=$((i+1)); done; wait');
  while (findWork(work).length < 100) await pause(50);
  await pause(2000);
  const before = process.cpuUsage();
  const began = performance.now();
  const observer = observeWork(work);
  await pause(seconds * 1000);
  const used = process.cpuUsage(before);
  const percent = (used.user + used.system) / 10 / (performance.now() - began);
  observer.stop();
  const result = { percent, known: observer.known().length, source: observer.peakMemory()?.source ?? 'none' };
  await endWork(work, { graceMs: 5000 });
  await removeRunCgroups(work.cgroups);
  return result;
}

async function leftovers(rounds) {
  const times = [], opens = [];
  for (let round = 0; round < rounds; round++) {
    const { work, child, openMs } = await start('read _; true; true');
    child.stdin.end('\\n');
    await once(child, 'exit');
    const began = performance.now();
    if (hasLeftovers(work)) throw new Error('nothing was left, but something was found');
    times.push(performance.now() - began);
    opens.push(openMs);
    await removeRunCgroups(work.cgroups);
  }
  return { ms: median(times), openMs: median(opens) };
}

(task === 'watch' ? watch : leftovers)(Number(amount)).then((result) => console.log(JSON.stringify(result)));
`;

async function supervise(...args) {
  const file = scratchFile('supervise/supervisor.cjs', supervisor);
  const child = spawn(process.execPath, [file, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the supervisor ended with status ${status}`);
  return JSON.parse(output);
}

export const title = 'Supervising a run';

export async function run() {
  const file = bundle();
  const met = [];
  for (const groups of ['with', 'without']) {
    const { percent, known, source } = await supervise(file, 'watch', groups, watchedSeconds);
    const what = `watching ${known} processes ${groups} control groups, of one core`;
    met.push(row(what, percent, { atMost: 1, unit: ' %' }));
    peer('where its peak of memory comes from', source);
  }
  for (const groups of ['with', 'without']) {
    const { ms, openMs } = await supervise(file, 'leftovers', groups, rounds);
    met.push(row(`what is left at the end, ${groups} control groups`, ms, { atMost: 3, unit: ' ms' }));
    if (groups === 'with') met.push(row('making the control groups', openMs, { atMost: 1, unit: ' ms' }));
  }
  return met;
}
