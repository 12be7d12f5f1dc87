// What admission believes a run will take after twenty runs of its signature, against what the kernel says it took.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeStormWorkspace } from '../../scripts/storm/workspace.mjs';
import { kernelPeakMb } from '../lib/kernel-peak.mjs';
import { plainEnvironment, root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';

const runs = 20;
const jestArgs = ['--maxWorkers=1', 'agent-1\\.test'];
const governor = join(root, 'bin', 'test-governor');

/** The nearest value below which nine in ten lie. */
function p90(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(0.9 * sorted.length) - 1];
}

/** The memory that a run which is there has reserved, in megabytes. */
async function reservedMb(cwd, env) {
  const child = spawn(governor, ['run', 'jest', '--', ...jestArgs], { cwd, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  for (;;) {
    const { stdout } = spawnSync(governor, ['status', '--json'], { cwd, env, encoding: 'utf8' });
    const [holder] = JSON.parse(stdout).queue.holders;
    if (holder !== undefined) {
      await ended;
      return holder.memoryMb;
    }
    if (child.exitCode !== null) throw new Error('the run ended before it was seen');
    await pause(20);
  }
}

export const title = `The memory that is reserved for a run after ${runs} runs, against the kernel's peak of ${runs} ungoverned ones`;

export async function run() {
  const cwd = join(scratchDirectory(), 'estimate');
  makeStormWorkspace(cwd, { count: 1, modules: join(root, 'node_modules') });
  const plain = plainEnvironment();
  const jest = join(cwd, 'node_modules', 'jest', 'bin', 'jest.js');
  const peaks = [];
  for (let index = 0; index < runs; index++) {
    peaks.push(kernelPeakMb(process.execPath, [jest, ...jestArgs], { cwd, env: plain }));
  }
  const truth = p90(peaks);
  peer("the kernel's own figure, P90", truth, { unit: ' MB', digits: 0 });

  const met = [];
  for (const groups of ['on', 'off']) {
    const state = join(cwd, `.state-${groups}`);
    mkdirSync(state, { mode: 0o700 });
    const env = {
      ...plain,
      BASESHOP_STATE_DIR: state,
      BASESHOP_CGROUPS: groups,
      TEST_THROTTLE_ENABLED: 'false',
    };
    for (let index = 0; index < runs; index++) {
      const { status } = spawnSync(governor, ['run', 'jest', '--', ...jestArgs], { cwd, env });
      if (status !== 0) throw new Error(`a governed run ended with ${status}`);
    }
    const estimate = await reservedMb(cwd, env);
    const what = groups === 'on' ? 'with control groups' : 'without control groups (PSS, sampled)';
    met.push(
      row(`${what}: ${estimate} MB, off by`, Math.abs(estimate / truth - 1) * 100, {
        atMost: 10,
        unit: ' %',
      }),
    );
  }
  return met;
}
