// From typing a command, with nobody before it, to the start of the program that it is about.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFile } from '../lib/place.mjs';
import { peer, row } from '../lib/report.mjs';
import { alternate, program } from '../lib/timing.mjs';
import { governor, oneProcess, readLog, setStage, toMs } from './stage.mjs';

const rounds = 61;

/** A case that starts the job through some program, and gives the milliseconds until the job's own start. */
function untilStart(stage, file, args) {
  return () => {
    rmSync(stage.log, { force: true });
    const typed = process.hrtime.bigint();
    const { status } = spawnSync(file, [...args, stage.log, 'job', '0', ...oneProcess], {
      cwd: stage.workspace,
      env: stage.environment,
      stdio: ['inherit', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${file} ${args.join(' ')}: status ${status}`);
    return toMs(readLog(stage)[0].at - typed);
  };
}

/** A node program that does nothing but start another one, from arguments that are known: what node itself takes for that. */
function leastProgram() {
  return scratchFile(
    'least-starter.cjs',
    "const [file, ...args] = process.argv.slice(2);\nrequire('node:child_process').spawn(file, args, { stdio: 'inherit' });\n",
  );
}

export const title = 'Start with nobody before it';

export async function run() {
  // One that fits, as most do.
  const stage = setStage({ BASESHOP_CPU_SLOT_PCT: undefined });
  const governed = untilStart(stage, governor, ['run', 'pytest', '--']);
  // The first run of an installation stores its compiled code.
  governed();
  const times = await alternate(
    {
      empty: program(process.execPath, ['-e', '0'], { env: stage.environment }),
      governed,
      flock: untilStart(stage, 'flock', [join(stage.directory, 'lock'), stage.job]),
      least: untilStart(stage, process.execPath, [leastProgram(), stage.job]),
    },
    rounds,
  );
  const { empty, governed: ours, flock, least } = times;
  const bar = { atMost: 1.3, unit: '×' };
  const met = [
    row(
      `typing to the runner's start (median ${ours.median.toFixed(0)} ms), over node -e 0`,
      ours.median / empty.median,
      bar,
    ),
    row(`the least of each (${ours.min.toFixed(0)} ms)`, ours.min / empty.min, bar),
  ];
  peer('node -e 0: median / least', `${empty.median.toFixed(1)} / ${empty.min.toFixed(1)} ms`);
  peer('a node program that only starts it, over node -e 0', least.median / empty.median, { unit: '×' });
  peer('flock, typing to start', flock.median, { unit: ' ms' });
  return met;
}
