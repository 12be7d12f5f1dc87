// calibrate over a gigabyte of events, torn and foreign lines among them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { plainEnvironment, root, scratchDirectory, scratchFile } from '../lib/place.mjs';
import { row } from '../lib/report.mjs';

const files = 50;
const bytesEach = 20 * 1024 * 1024;

const classes = [
  ['jest', 900, 2, 'jest --ci --coverage paths=1'],
  ['vitest', 600, 2, 'vitest run paths=2'],
  ['turbo', 2600, 4, 'turbo run --concurrency --filter tasks=1'],
  ['pytest', 200, 1, 'pytest --quiet paths=1'],
];

async function loadSerializer() {
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

function event(index) {
  const [name, megabytes, workers, signature] = classes[index % classes.length];
  const waits = index % 5 === 0;
  return {
    event: 'run',
    ts: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
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

async function makeTelemetry(state) {
  const serializeEvent = await loadSerializer();
  let text = '';
  let events = 0;
  for (; text.length < bytesEach; events++) {
    text += serializeEvent(event(events));
    if (events % 1000 === 0) text += `${serializeEvent(event(events)).slice(0, 80)}\nnot an event\n`;
  }
  const first = join(state, 'events.jsonl');
  writeFileSync(first, text);
  for (let index = 1; index < files; index++) {
    const time = `20260101T0000${String(index).padStart(2, '0')}.000Z`;
    copyFileSync(first, join(state, `events-${time}.jsonl`));
  }
  return events * files;
}

export const title = 'calibrate over 1 GB of events';

export async function run() {
  const state = scratchDirectory('telemetry');
  const events = await makeTelemetry(state);
  const peak = join(scratchDirectory(), 'calibrate-peak');
  const probe = scratchFile(
    'calibrate-probe.cjs',
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
  );
  const report = join(scratchDirectory(), 'calibration.md');
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', probe, join(root, 'bin', 'test-governor'), 'calibrate', '--out', report],
    { cwd: scratchDirectory(), env: plainEnvironment({ BASESHOP_STATE_DIR: state }), encoding: 'utf8' },
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (
    status !== 0 ||
    !readFileSync(report, 'utf8').includes(`| events read | ${events.toLocaleString('en')} |`)
  ) {
    throw new Error(`calibrate ended with ${status}: ${stderr}`);
  }
  return [
    row('time', seconds, { atMost: 60, unit: ' s' }),
    row('memory', Number(readFileSync(peak, 'utf8')) / 1024, { atMost: 200, unit: ' MB', digits: 0 }),
  ];
}
