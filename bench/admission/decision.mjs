// What one admission decision costs from nothing: totals, a full history, the machine's probes and the decision.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { median } from '../lib/timing.mjs';

/** As large as a history gets: 100 signatures with 20 runs each. */
function fullHistory() {
  const runs = Array.from({ length: 20 }, (_, run) => 1000 + run);
  const entry = { peaks: runs.map((mb) => [mb, 'cgroup']), durations: runs.map((ms) => 60 * ms) };
  const signatures = Array.from({ length: 100 }, (_, index) => [`jest --ci paths=${index} workers=2`, entry]);
  return JSON.stringify({ version: 1, signatures: Object.fromEntries(signatures) });
}

export const title = 'One admission decision, its probes included';

export async function run() {
  const program = join(scratchDirectory('bundle'), 'decision.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/admission/decision-program.ts'],
    outfile: program,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const state = scratchDirectory('history');
  writeFileSync(join(state, 'history.json'), fullHistory(), { mode: 0o600 });
  const times = (count) =>
    JSON.parse(execFileSync(process.execPath, [program, state, String(count)], { encoding: 'utf8' }));
  const cold = Array.from({ length: 25 }, () => times(1)[0]);
  const warm = times(500)
    .slice(50)
    .sort((a, b) => a - b);
  const met = [
    row('the first in a process, median of 25 processes', median(cold), { atMost: 5, unit: ' ms' }),
    row('every further one while it waits, p99', warm[Math.floor(warm.length * 0.99)], {
      atMost: 5,
      unit: ' ms',
    }),
  ];
  peer('the slowest first one', Math.max(...cold), { unit: ' ms' });
  peer('a further one, median', median(warm), { unit: ' ms' });
  return met;
}
