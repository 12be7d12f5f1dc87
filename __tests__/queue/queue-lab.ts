import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { identify, type ProcessIdentity } from '../../src/process-identity.ts';
import { makePlaces, type Place, settle, writeEntry } from '../../src/queue/places.ts';
import { leaseOf as admittedLease, type Lease, makeId, type Ticket } from '../../src/queue/ticket.ts';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

/** The command line interface. */
export const testGovernor = join(guardedRoot, 'bin/test-governor');

/** A program of a test, whose output can be waited for. */
export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Standard output and standard error so far, in one text. */
  output(): string;
  /** Resolves once its output matches; rejected when it ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves once it has ended and its output is closed. */
  readonly ended: Promise<ProgramEnd>;
}

export interface ProgramEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A repository with a queue of its own, and a runner that does what the test tells it. */
export interface QueueLab {
  readonly path: string;
  readonly state: string;
  /** The queue's directory. */
  readonly queue: string;
  environment(more?: Readonly<Record<string, string>>): Record<string, string>;
  start(command: string, args: readonly string[], options?: ProgramOptions): Program;
  /** A governed run whose runner notes its start, goes on until it is told to `finish`, and notes its end. */
  run(name: string, options?: ProgramOptions): Program;
  /** Replaces the runner of the runs that start from now on. */
  runner(text: string): void;
  /** `test-governor queue …` to its end. */
  cli(...args: readonly string[]): Promise<ProgramEnd>;
  /** A bash script of which `test-governor` is on the PATH. */
  script(text: string, options?: ProgramOptions): Program;
  /** Resolves with the runner's pid once the run of that name has started. */
  started(name: string): Promise<number>;
  finish(...names: readonly string[]): void;
  /** What the runners noted: `start <name> <lease>` and `end <name>`, in order. */
  log(): readonly string[];
  list(place: Place): readonly string[];
}

const labs: string[] = [];
const running = new Set<ChildProcess>();

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone.
    return;
  }
}

afterAll(async () => {
  for (const child of running) killGroup(child);
  for (const path of labs.splice(0)) {
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
});

/** Only a failing test waits that long, in milliseconds. */
const patienceMs = 50_000;

/** Resolves with what `look` gives as soon as that is not null, undefined or false. */
export async function until<T>(look: () => T | null | undefined | false): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ; ) {
    if (performance.now() > deadline) throw new Error(`nothing came of ${look}`);
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** True while a process runs; one that waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  return identify(pid) !== null;
}

/** True when a process is stopped by a signal. */
export function isStopped(pid: number): boolean {
  return /\) T/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

/** Starts a program in a process group of its own. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Program {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  const text = { stdout: '', stderr: '', both: '' };
  let isOver = false;
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
      text.both += chunk;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      running.delete(child);
      isOver = true;
      for (const watcher of watchers) watcher();
      resolve({ status, signal, stdout: text.stdout, stderr: text.stderr });
    });
  });
  return {
    child,
    pid: child.pid ?? 0,
    output: () => text.both,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          const match = pattern.exec(text.both);
          if (match === null && !isOver) return;
          watchers.delete(watcher);
          if (match === null) reject(new Error(`ended without ${pattern}; it said:\n${text.both}`));
          else resolve(match);
        };
        watchers.add(watcher);
        watcher();
      }),
  };
}

/** The runner of a lab: notes that it runs, and goes on until it is told to finish. */
export const plainRunner = `#!/bin/sh
echo "start $1 $BASESHOP_GOVERNED_LEASE" >>"$LAB/log"
echo $$ >"$LAB/up.$1.new" && mv "$LAB/up.$1.new" "$LAB/up.$1"
while [ ! -e "$LAB/finish.$1" ]; do sleep 0.02; done
echo "end $1" >>"$LAB/log"
`;

/** Makes a lab; it is removed after the test file. */
export function openQueueLab(): QueueLab {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'queue lab ')));
  labs.push(path);
  const state = join(path, 'state');
  const queue = join(state, 'queue');
  const bin = join(path, '.venv/bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'pytest'), plainRunner);
  chmodSync(join(bin, 'pytest'), 0o755);
  const environment = (more: Readonly<Record<string, string>> = {}) => {
    const base = baseEnvironment();
    return {
      ...base,
      PATH: `${join(guardedRoot, 'bin')}:${base.PATH}`,
      BASESHOP_STATE_DIR: state,
      // One slot and no load checks: one at a time on any machine, however busy it is.
      BASESHOP_CPU_SLOT_PCT: '0.001',
      TEST_THROTTLE_ENABLED: 'false',
      BASESHOP_KILL_GRACE: '1',
      LAB: path,
      ...more,
    };
  };
  const start: QueueLab['start'] = (command, args, options = {}) =>
    startProgram(command, args, { cwd: options.cwd ?? path, env: environment(options.environment) });
  return {
    path,
    state,
    queue,
    environment,
    start,
    run: (name, options) => start(testGovernor, ['run', 'pytest', '--', name], options),
    runner(text) {
      writeFileSync(join(bin, 'pytest'), text);
      chmodSync(join(bin, 'pytest'), 0o755);
    },
    cli: (...args) => start(testGovernor, ['queue', ...args]).ended,
    script: (text, options) => start('bash', ['-c', text], options),
    started: async (name) =>
      Number(
        await until(
          () => existsSync(join(path, `up.${name}`)) && readFileSync(join(path, `up.${name}`), 'utf8'),
        ),
      ),
    finish(...names) {
      for (const name of names) writeFileSync(join(path, `finish.${name}`), '');
    },
    log: () =>
      existsSync(join(path, 'log')) ? readFileSync(join(path, 'log'), 'utf8').trimEnd().split('\n') : [],
    list: (place) => {
      const directory = join(queue, place);
      return existsSync(directory) ? readdirSync(directory).filter((name) => !name.startsWith('.')) : [];
    },
  };
}

/** The identity of this process, of which the forged ones differ in what the test says. */
export function ownIdentity(): ProcessIdentity {
  const own = identify(process.pid);
  if (own === null) throw new Error('this process cannot be seen');
  return own;
}

/** A ticket as another process would have written it. */
export function ticketOf(number: number, holder: ProcessIdentity, more: Partial<Ticket> = {}): Ticket {
  const id = makeId(number, String(number).padStart(16, '0')) ?? '';
  const base = { class: 'jest', signature: 'jest', cwd: '/', memoryMb: null, slots: 1, exclusive: false };
  const rest = { capacity: null, expectedMs: null, overridesPolicy: false, after: null, drawnAt: Date.now() };
  return { ...base, ...rest, id, holder, waiter: holder, ...more };
}

/** A lease as another process would have written it. */
export function leaseOf(number: number, holder: ProcessIdentity, more: Partial<Lease> = {}): Lease {
  return { ...admittedLease(ticketOf(number, holder), Date.now(), null), ...more };
}

/** Puts an entry into a queue that has been looked through for lost runs. */
export function plant(
  queue: string,
  place: Place,
  entry: Ticket | Lease,
  text = JSON.stringify(entry),
): void {
  mkdirSync(join(queue, '..'), { recursive: true, mode: 0o700 });
  makePlaces(queue);
  settle(queue);
  writeEntry(queue, place, entry.id, text);
}
