// `status` in the moments before its telemetry is rotated: 20 MB of events of today and the days before.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment, root, scratchDirectory } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { alternate, program } from '../lib/timing.mjs';
import { loadSerializer, runEvent } from './events.mjs';

const bytes = 20 * 1024 * 1024 - 4096;
const spreadMs = 10 * 24 * 3600 * 1000;
const eventsAbout = 45_000;

async function makeTelemetry(state) {
  const serializeEvent = await loadSerializer();
  const began = Date.now() - spreadMs;
  const lines = [];
  let size = 0;
  for (let index = 0; size < bytes; index++) {
    const ts = new Date(Math.min(Date.now(), began + (index / eventsAbout) * spreadMs));
    const line = serializeEvent(runEvent(index, ts));
    lines.push(line);
    size += line.length;
  }
  writeFileSync(join(state, 'events.jsonl'), lines.join(''));
}

export const title = 'status with 20 MB of live telemetry';

export async function run() {
  const state = scratchDirectory('status-state');
  await makeTelemetry(state);
  const cwd = scratchDirectory('status');
  const env = plainEnvironment({ BASESHOP_STATE_DIR: state });
  const times = await alternate(
    {
      status: program(process.execPath, [join(root, 'bin', 'test-governor'), 'status'], { cwd, env }),
      node: program(process.execPath, ['-e', '0'], { cwd, env }),
    },
    21,
  );
  const above = (figure) => times.status[figure] - 1.5 * times.node[figure];
  const met = row(
    'test-governor status, above 1.5 × node -e 0',
    { median: above('median'), min: above('min') },
    {
      atMost: 100,
      unit: ' ms',
      digits: 0,
    },
  );
  peer('test-governor status', times.status, { unit: ' ms', digits: 0 });
  peer('node -e 0', times.node, { unit: ' ms', digits: 0 });
  return [met];
}
