// The programs that are measured side by side: how each starts a job behind the others, and how it is seen to wait.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { countTickets, startGoverned, until } from './stage.mjs';

function isInstalled(program) {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

function start(stage, file, args, environment = {}) {
  return spawn(file, args, {
    cwd: stage.workspace,
    env: { ...stage.environment, ...environment },
    stdio: 'ignore',
  });
}

/** Lines of /proc/locks of those who wait for a lock on a file. */
function countBlocked(file) {
  const { ino } = statSync(file);
  return readFileSync('/proc/locks', 'latin1')
    .split('\n')
    .filter((line) => line.includes('->') && line.includes(`:${ino} `)).length;
}

const governed = {
  name: 'test-governor run',
  isThere: true,
  start: startGoverned,
  waitUntilUp: (stage, count) => until(`${count} tickets`, () => countTickets(stage) === count),
  close: () => undefined,
};

const flock = {
  name: 'flock',
  isThere: isInstalled('flock'),
  start: (stage, name, hold) =>
    start(stage, 'flock', [join(stage.directory, 'lock'), stage.job, stage.log, name, String(hold)]),
  waitUntilUp: (stage, count) =>
    until(`${count} that wait for the lock`, () => countBlocked(join(stage.directory, 'lock')) === count),
  close: () => undefined,
};

const sem = {
  name: "GNU parallel's sem",
  isThere: isInstalled('sem'),
  start(stage, name, hold) {
    const home = join(stage.directory, 'home');
    mkdirSync(join(home, '.parallel'), { recursive: true });
    writeFileSync(join(home, '.parallel', 'will-cite'), '');
    const args = ['--id', 'bench', '-j1', '--fg', stage.job, stage.log, name, String(hold)];
    return start(stage, 'sem', args, { HOME: home });
  },
  // Nothing shows that one waits; each takes a tenth of a second of a core to start.
  waitUntilUp: (_, count) => pause(1000 + 120 * count),
  close: () => undefined,
};

const socketOf = (stage) => ({ TS_SOCKET: join(stage.directory, 'tsp'), TS_MAXCONN: '1000' });

const taskSpooler = {
  name: 'task-spooler',
  isThere: isInstalled('tsp'),
  start: (stage, name, hold) =>
    start(stage, 'tsp', ['-n', stage.job, stage.log, name, String(hold)], socketOf(stage)),
  waitUntilUp: (_, count) => pause(500 + 5 * count),
  close: (stage) => spawnSync('tsp', ['-K'], { env: { ...stage.environment, ...socketOf(stage) } }),
};

const nq = {
  name: 'nq',
  isThere: isInstalled('nq'),
  start: (stage, name, hold) =>
    start(stage, 'nq', ['-q', stage.job, stage.log, name, String(hold)], { NQDIR: stage.directory }),
  waitUntilUp: (_, count) => pause(500 + 5 * count),
  close: () => undefined,
};

/** Ours. */
export const ours = governed;

/** The others. */
export const peers = [flock, sem, taskSpooler, nq];
