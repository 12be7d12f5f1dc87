// Eight agents start real Jest runs at once: what the machine goes through, governed and otherwise.
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { budgetEnvironment, ways } from '../../scripts/storm/run.mjs';
import { watchIdle, watchStorm } from '../../scripts/storm/watch.mjs';
import { makeStormWorkspace } from '../../scripts/storm/workspace.mjs';
import { plainEnvironment, root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';

export const title = 'A storm: eight Jest runs of more than 300 MB each start at once';

const count = 8;
const budgetMb = 1000;
const idleMs = 4000;

async function storm(name) {
  const cwd = join(scratchDirectory('storm'), name.replaceAll(/\W+/g, '-'));
  makeStormWorkspace(cwd, { count, modules: join(root, 'node_modules') });
  const env = budgetEnvironment(
    plainEnvironment({ BASESHOP_STATE_DIR: join(cwd, '.state') }),
    budgetMb,
    totalmem() / 1024 ** 2,
  );
  const began = performance.now();
  const running = ways[name]({ root, count, cwd, env });
  const { peakMb, shellP95Ms } = await watchStorm(running);
  const failed = (await running).filter((status) => status !== 0).length;
  return { peakMb, shellP95Ms, seconds: (performance.now() - began) / 1000, failed };
}

export async function run() {
  const idle = await watchIdle(idleMs);
  const results = {};
  for (const name of Object.keys(ways)) results[name] = await storm(name);
  const { governed, ungoverned, exclusive } = results;
  const others = Object.entries(results).filter(([name]) => name !== 'governed');
  const show = (figure) => {
    for (const [name, result] of others) peer(name, figure(result));
  };
  const met = [
    row(`peak of the summed memory, budget ${budgetMb} MB`, governed.peakMb, {
      atMost: budgetMb * 1.1,
      unit: ' MB',
      digits: 0,
    }),
  ];
  show(({ peakMb }) => `${peakMb.toFixed(0)} MB`);
  met.push(
    row(
      'total time, over the best of ungoverned and exclusive',
      governed.seconds / Math.min(ungoverned.seconds, exclusive.seconds),
      {
        atMost: 1.1,
        unit: '×',
      },
    ),
  );
  show(({ seconds }) => `${seconds.toFixed(1)} s`);
  met.push(
    row('p95 of starting a shell meanwhile, over idle', governed.shellP95Ms / idle.shellP95Ms, {
      atMost: 3,
      unit: '×',
    }),
  );
  show(({ shellP95Ms }) => `${(shellP95Ms / idle.shellP95Ms).toFixed(2)}×`);
  met.push(row('runs that failed', governed.failed, { atMost: 0, digits: 0 }));
  show(({ failed }) => String(failed));
  return met;
}
