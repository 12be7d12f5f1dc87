// calibrate over a gigabyte of events, torn and foreign lines among them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory, scratchFile } from '../lib/place.mjs';
import { row } from '../lib/report.mjs';
import { loadSerializer, runEvent } from './events.mjs';

const files = 50;
const bytesEach = 20 * 1024 * 1024;

async function makeTelemetry(state) {
  const serializeEvent = await loadSerializer();
  let text = '';
  let events = 0;
  for (; text.length < bytesEach; events++) {
    text += serializeEvent(runEvent(events));
    if (events % 1000 === 0) text += `${serializeEvent(runEvent(events)).slice(0, 80)}\nnot an event\n`;
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
