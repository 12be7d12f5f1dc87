// Who survives the end of a run that took too long.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { peer, row } from '../lib/report.mjs';
import { allEnded, governor, oneProcess, setStage } from './stage.mjs';

/** What tries to get away, by the whole number of seconds that it sleeps. */
const names = {
  900: 'foreground',
  901: 'background',
  902: 'setsid',
  903: 'double fork and setsid',
  904: 'orphan in the same group',
  905: 'setsid with an empty environment',
};

/** A fraction of a second that only this run of the benchmark sleeps. */
const mark = String(process.pid);

const tree = `#!/bin/sh
sleep 901.${mark} &
setsid sleep 902.${mark} &
( (setsid sleep 903.${mark} &) & )
(sleep 904.${mark} &)
setsid env -i sleep 905.${mark} &
sleep 900.${mark}
`;

function survivors() {
  const pattern = new RegExp(`^sleep\\0(\\d+)\\.${mark}\\0$`);
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const seconds = pattern.exec(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))?.[1];
      return seconds === undefined ? [] : [{ pid: Number(pid), name: names[seconds] }];
    } catch {
      // Ended since it was listed.
      return [];
    }
  });
}

async function play(file, args, extra = {}) {
  const stage = setStage({ BASESHOP_TEST_TIMEOUT: '2', BASESHOP_KILL_GRACE: '0.5', ...extra });
  writeFileSync(stage.job, tree, { mode: 0o755 });
  const child = spawn(file, args(stage), { cwd: stage.workspace, env: stage.environment, stdio: 'ignore' });
  await allEnded([child]);
  await pause(100);
  const found = survivors();
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  return found.map(({ name }) => name);
}

export const title = 'Escapes: who lives on after a run that took too long';

export async function run() {
  const ours = ['run', 'pytest', '--', ...oneProcess];
  const grouped = await play(governor, () => ours);
  const plain = await play(governor, () => ours, { BASESHOP_CGROUPS: 'off' });
  const met = [
    row('survivors where control groups serve', grouped.length, { atMost: 0, digits: 0 }),
    row(
      'survivors without them, but for the empty environment',
      plain.filter((name) => name !== names[905]).length,
      { atMost: 0, digits: 0 },
    ),
  ];
  for (const name of [...new Set([...grouped, ...plain])]) peer(`survived: ${name}`, '');
  const others = await play('timeout', (stage) => ['-k', '0.5', '2', stage.job]);
  peer(`timeout -k: ${others.join(', ') || 'nobody'}`, others.length, { digits: 0 });
  return met;
}
