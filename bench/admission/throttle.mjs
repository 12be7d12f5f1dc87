// A spike of load while two runs go on: how soon the younger is held back, and that it goes on afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';

const governor = join(root, 'bin', 'test-governor');
const spinners = 60;
const maxLoad = 30;

/** A pytest that goes on until there is a file `stop`. */
function makeWorkspace() {
  const cwd = scratchDirectory(`throttle-${++places}`);
  const bin = join(cwd, '.venv', 'bin');
  mkdirSync(bin, { recursive: true });
  const runner = join(bin, 'pytest');
  writeFileSync(runner, `#!/bin/sh\necho up >${cwd}/$1\nuntil test -e ${cwd}/stop; do sleep 0.05; done\n`);
  chmodSync(runner, 0o755);
  return cwd;
}
let places = 0;

function startRun(cwd, env, name) {
  const child = spawn(governor, ['run', 'pytest', '--', name, '-n', '0'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  const listeners = new Set();
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    for (const listen of listeners) listen();
  });
  /** Milliseconds, by the clock, at which it said what matches. */
  const says = (pattern) =>
    new Promise((resolve) => {
      const listen = () => {
        if (!pattern.test(text)) return;
        listeners.delete(listen);
        resolve(performance.now());
      };
      listeners.add(listen);
      listen();
    });
  return { child, ended: once(child, 'exit'), says };
}

async function exists(path) {
  for (;;) {
    try {
      readFileSync(path);
      return;
    } catch {
      // Not yet.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Processes below the workspace's runs that stand still. */
function countStopped(cwd) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(cwd)) return false;
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
    } catch {
      // Ended meanwhile.
      return false;
    }
  }).length;
}

async function spike(groups) {
  const cwd = makeWorkspace();
  const state = join(cwd, '.state');
  mkdirSync(state, { mode: 0o700 });
  const env = plainEnvironment({
    BASESHOP_STATE_DIR: state,
    BASESHOP_CGROUPS: groups,
    BASESHOP_CPU_SLOT_PCT: '1',
    MAX_LOAD: String(maxLoad),
  });
  const older = startRun(cwd, env, 'older');
  await exists(join(cwd, 'older'));
  const younger = startRun(cwd, env, 'younger');
  await exists(join(cwd, 'younger'));
  const load = spawn('stress-ng', ['--cpu', String(spinners), '--timeout', '60', '--quiet'], {
    stdio: 'ignore',
  });
  const over = once(load, 'exit');
  const began = performance.now();
  const slowed = (await younger.says(/goes on with lower priority/)) - began;
  const frozen = (await younger.says(/stands still until it has recovered/)) - began;
  load.kill('SIGTERM');
  await over;
  const calm = performance.now();
  const thawed = (await younger.says(/this run goes on/)) - calm;
  writeFileSync(join(cwd, 'stop'), '');
  const statuses = [(await older.ended)[0], (await younger.ended)[0]];
  return {
    slowed,
    frozen,
    thawed,
    stopped: countStopped(cwd),
    failed: statuses.filter((status) => status !== 0).length,
  };
}

export const title = `A spike of ${spinners} tasks (stress-ng) while two runs go on, MAX_LOAD ${maxLoad}`;

export async function run() {
  const met = [];
  for (const groups of ['on', 'off']) {
    const { slowed, frozen, thawed, stopped, failed } = await spike(groups);
    const how = groups === 'on' ? 'control groups' : 'signals';
    met.push(
      row(`${how}: until the younger run has lower priority`, slowed / 1000, { atMost: 5, unit: ' s' }),
      row(`${how}: processes left standing still, and runs that failed`, stopped + failed, {
        atMost: 0,
        digits: 0,
      }),
    );
    peer(`${how}: until it stands still, the second step`, frozen / 1000, { unit: ' s' });
    peer(`${how}: from the end of the spike until it goes on`, thawed / 1000, { unit: ' s' });
  }
  return met;
}
