// What the supervision of a large run costs.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { row } from '../lib/report.mjs';
import { cpuMs } from './idle.mjs';
import { allEnded, governor, oneProcess, setStage } from './stage.mjs';

const processes = 100;
const watchedMs = 30_000;

async function measure(extra) {
  const stage = setStage(extra);
  const tree = `#!/bin/sh\nn=1\nwhile [ $n -lt ${processes} ]; do sleep 300 & n=$((n + 1)); done\nwait\n`;
  writeFileSync(stage.job, tree, { mode: 0o755 });
  const wrapper = spawn(governor, ['run', 'pytest', '--', ...oneProcess], {
    cwd: stage.workspace,
    // As it is used: with the look at the machine that throttling takes twice a second.
    env: { ...stage.environment, TEST_THROTTLE_ENABLED: 'true', MAX_LOAD: '10000' },
    stdio: 'ignore',
  });
  await pause(10_000);
  const runs = readFileSync(`/proc/${wrapper.pid}/task/${wrapper.pid}/children`, 'latin1').trim() !== '';
  if (!runs) throw new Error('the run has not started');
  const [before, began] = [cpuMs(wrapper.pid), performance.now()];
  await pause(watchedMs);
  const part = (cpuMs(wrapper.pid) - before) / (performance.now() - began);
  wrapper.kill('SIGTERM');
  await allEnded([wrapper]);
  return part * 100;
}

export const title = `Supervision of ${processes} processes for ${watchedMs / 1000} s`;

export async function run() {
  const bar = { atMost: 1, unit: ' %' };
  return [
    row('CPU of the wrapper, of one core', await measure({}), bar),
    row('the same without control groups', await measure({ BASESHOP_CGROUPS: 'off' }), bar),
  ];
}
