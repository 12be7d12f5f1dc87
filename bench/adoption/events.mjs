// Events of governed runs, as the runner writes them, in any number.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, scratchDirectory } from '../lib/place.mjs';

const classes = [
  ['jest', 900, 2, 'jest --ci --coverage paths=1'],
  ['vitest', 600, 2, 'vitest run paths=2'],
  ['turbo', 2600, 4, 'turbo run --concurrency --filter tasks=1'],
  ['pytest', 200, 1, 'pytest --quiet paths=1'],
];

/** What makes the line of an event. */
export async function loadSerializer() {
  const outfile = join(scratchDirectory('bundle'), 'event.cjs');
  await build({
    absWorkingDir: root,
    stdin: { contents: "export { serializeEvent } from './src/telemetry/event.ts';", resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  return createRequire(import.meta.url)(outfile).serializeEvent;
}

/** The event of one run, different for each index; `ts` is its time. */
export function runEvent(index, ts = new Date(Date.UTC(2026, 0, 1) + index * 60_000)) {
  const [name, megabytes, workers, signature] = classes[index % classes.length];
  const waits = index % 5 === 0;
  return {
    event: 'run',
    ts: ts.toISOString(),
    governed: true,
    policy_mode: 'enforce',
    class: name,
    normalized_sig: signature,
    argv_hash: '0123456789abcdef',
    admitted: true,
    queued_ms: waits ? (index * 37) % 90_000 : 1,
    peak_rss_mb: megabytes + ((index * 7919) % 400),
    pressure_level: 'normal',
    workers,
    exit_code: index % 7 === 0 ? 1 : 0,
    override_policy_used: index % 100 === 0,
    override_overload_used: false,
    runner: name,
    outcome: 'ended',
    run_ms: 3000 + ((index * 104_729) % 60_000),
    peak_rss_source: 'pss',
    queue_scope: 'repo',
    wait_reason: waits ? 'one run is ahead' : null,
    left_behind: 0,
    throttled_ms: 0,
  };
}
