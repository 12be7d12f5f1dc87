// From typing a command, with nobody before it, to the start of the program that it is about.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
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

export const title = 'Start with nobody before it';

export async function run() {
  const stage = setStage();
  const governed = untilStart(stage, governor, ['run', 'pytest', '--']);
  // The first run of an installation stores its compiled code.
  governed();
  const times = await alternate(
    {
      empty: program(process.execPath, ['-e', '0'], { env: stage.environment }),
      governed,
      flock: untilStart(stage, 'flock', [join(stage.directory, 'lock'), stage.job]),
    },
    rounds,
  );
  const { empty, governed: ours, flock } = times;
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
  peer('flock, typing to start', flock.median, { unit: ' ms' });
  return met;
}
