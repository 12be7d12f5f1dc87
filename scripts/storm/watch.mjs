// What a storm does to the machine, seen from outside: the memory of everything below this process, and how long it takes to
// start a shell meanwhile.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const everyMs = 100;

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process has ended.
    return '';
  }
}

/** The memory of all processes below `root` that is their own, in MB: pages that several share are not counted once for each. */
function memoryBelow(root) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  let kilobytes = 0;
  const open = [...(children.get(root) ?? [])];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    kilobytes += Number(/^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
    open.push(...(children.get(pid) ?? []));
  }
  return kilobytes / 1024;
}

function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds from starting `bash -c :` to its end. */
function timeShell() {
  const began = performance.now();
  return new Promise((resolve) => {
    spawn('bash', ['--norc', '--noprofile', '-c', ':'], { stdio: 'ignore' }).on('exit', () =>
      resolve(performance.now() - began),
    );
  });
}

/** Watches until `done` settles: the peak of the memory in MB, and the 95th percentile of the start of a shell in ms. */
export async function watchStorm(done) {
  let isOver = false;
  const over = done.finally(() => {
    isOver = true;
  });
  let peakMb = 0;
  const starts = [];
  const shells = new Set();
  while (!isOver) {
    const began = performance.now();
    const shell = timeShell().then((ms) => starts.push(ms));
    shells.add(shell);
    shell.finally(() => shells.delete(shell));
    peakMb = Math.max(peakMb, memoryBelow(process.pid));
    await Promise.race([
      over,
      new Promise((resolve) => setTimeout(resolve, Math.max(10, everyMs - (performance.now() - began)))),
    ]);
  }
  await Promise.all(shells);
  return { peakMb, shellP95Ms: percentile(starts, 0.95) };
}

/** The same while nothing runs, for `ms` milliseconds. */
export function watchIdle(ms) {
  return watchStorm(new Promise((resolve) => setTimeout(resolve, ms)));
}
