// Where contenders meet: the job that all of them run, what it wrote down, and a workspace whose runner it is.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { plainEnvironment, root, scratchDirectory } from '../lib/place.mjs';

export const governor = join(root, 'bin', 'test-governor');

let compiled = null;

/** The job's program, compiled once. Throws where there is no C compiler. */
function compileJob() {
  if (compiled !== null) return compiled;
  const file = join(scratchDirectory('job'), 'job');
  const { status, stderr, error } = spawnSync(
    'cc',
    ['-O2', '-o', file, fileURLToPath(new URL('job.c', import.meta.url))],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`these figures need a C compiler (cc): ${error?.message ?? stderr}`);
  compiled = file;
  return file;
}

let stages = 0;

/** A stage of its own: nothing on it is known to any other. */
export function setStage(extra = {}) {
  const directory = scratchDirectory(`stage-${++stages}`);
  const bin = join(directory, 'workspace', '.venv', 'bin');
  mkdirSync(bin, { recursive: true });
  const job = join(bin, 'pytest');
  copyFileSync(compileJob(), job);
  const fifo = join(directory, 'fifo');
  spawnSync('mkfifo', [fifo]);
  const state = join(directory, 'state');
  mkdirSync(state, { mode: 0o700 });
  return {
    directory,
    job,
    fifo,
    log: join(directory, 'log'),
    queue: join(state, 'queue'),
    workspace: join(directory, 'workspace'),
    environment: plainEnvironment({
      BASESHOP_STATE_DIR: state,
      // One run at a time, on a machine of any size and under any load.
      BASESHOP_CPU_SLOT_PCT: '0.0001',
      TEST_THROTTLE_ENABLED: 'false',
      ...extra,
    }),
  };
}

/** Said to pytest, it needs no Python to be asked for its workers: the job is none. */
export const oneProcess = ['-n', '0'];

/** Starts a governed run of the job. */
export function startGoverned(stage, name, hold) {
  return spawn(governor, ['run', 'pytest', '--', stage.log, name, String(hold), ...oneProcess], {
    cwd: stage.workspace,
    env: stage.environment,
    stdio: 'ignore',
  });
}

/** Lets the job go on that holds until the FIFO is opened. */
export function release(stage) {
  closeSync(openSync(stage.fifo, 'w'));
}

/** What the jobs wrote down, in nanoseconds of CLOCK_MONOTONIC as `process.hrtime` has it too. */
export function readLog(stage) {
  if (!existsSync(stage.log)) return [];
  const lines = readFileSync(stage.log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [event, name, at, pid] = line.split(' ');
    return { event, name, at: BigInt(at), pid: Number(pid) };
  });
}

/** Waits until something is so, looking every `everyMs`; throws when it takes too long. */
export async function until(what, isSo, { everyMs = 5, patienceMs = 120_000 } = {}) {
  const deadline = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await pause(everyMs);
  }
}

/** How many events of a kind there are in the log. */
export function countEvents(stage, wanted) {
  return readLog(stage).filter(({ event }) => event === wanted).length;
}

/** The tickets that wait, in order, with the pids that hold them. */
export function readTickets(stage) {
  const place = join(stage.queue, 'tickets');
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => /^\d.*\.json$/.test(name))
    .sort()
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(place, name), 'utf8'))];
      } catch {
        // Admitted since it was listed.
        return [];
      }
    });
}

/** How many files wait in the queue: quicker than reading them. */
export function countTickets(stage) {
  const place = join(stage.queue, 'tickets');
  return existsSync(place) ? readdirSync(place).filter((name) => /^\d.*\.json$/.test(name)).length : 0;
}

/** Nanoseconds between two moments as milliseconds. */
export function toMs(nanoseconds) {
  return Number(nanoseconds) / 1e6;
}

/** Resolves when all of some children have ended. */
export function allEnded(children) {
  return Promise.all(
    children.map((child) =>
      child.exitCode !== null || child.signalCode !== null
        ? undefined
        : new Promise((resolve) => child.on('exit', resolve)),
    ),
  );
}

/** The part of `values`, sorted, below which `share` of them lie. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
