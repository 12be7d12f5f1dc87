import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

/** A place in which governed runs start a runner of the test's own: what a run does with its processes does not depend on which. */
export interface RunLab {
  readonly path: string;
  /** The state directory of every run in here. */
  readonly state: string;
  /** Makes `script` (of sh, or with its own `#!`) the runner that the intent `pytest` finds here. */
  runner(script: string): void;
  /** The environment of runs, with `more` laid over it. */
  environment(more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Starts a governed run of that runner. */
  start(options?: RunOptions): LabRun;
  /** A file below the place. */
  file(name: string): string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly stdin?: string;
}

/** A governed run under way. */
export interface LabRun {
  readonly child: ChildProcess;
  /** Resolves with its status, signal and output once it has ended and its output is closed. */
  readonly ended: Promise<LabEnd>;
}

export interface LabEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program of a governed run. */
export const testGovernor = join(guardedRoot, 'bin/test-governor');

const labs: string[] = [];
const running = new Set<ChildProcess>();
afterAll(() => {
  // Only a failed test leaves one; asked to end, it takes what it started with it.
  for (const child of running) child.kill('SIGTERM');
  for (const path of labs.splice(0)) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
});

/** Makes a place for runs; it is removed after the test file. */
export function openRunLab(): RunLab {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'run lab ')));
  labs.push(path);
  const state = join(path, 'state');
  mkdirSync(join(path, '.venv/bin'), { recursive: true });
  const environment = (more: Readonly<Record<string, string>> = {}) =>
    baseEnvironment({
      BASESHOP_STATE_DIR: state,
      LAB: path,
      // One slot and no load checks: these runs take turns on any machine, however busy it is.
      BASESHOP_CPU_SLOT_PCT: '0.001',
      TEST_THROTTLE_ENABLED: 'false',
      ...more,
    });
  return {
    path,
    state,
    environment,
    file: (name) => join(path, name),
    runner(script) {
      const file = join(path, '.venv/bin/pytest');
      writeFileSync(file, script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    start({ environment: more = {}, args = [], stdin } = {}) {
      const child = spawn(testGovernor, ['run', 'pytest', '--', ...args], {
        cwd: path,
        env: environment(more),
        stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      });
      running.add(child);
      const output = { stdout: '', stderr: '' };
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output.stdout += text;
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        output.stderr += text;
      });
      child.stdin?.end(stdin);
      const ended = new Promise<LabEnd>((resolve) => {
        child.on('close', (status, signal) => {
          running.delete(child);
          resolve({ status, signal, ...output });
        });
      });
      return { child, ended };
    },
  };
}

/** Resolves with the content of a file once it is there and not empty. */
export async function written(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text !== '') return text;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** True while a process runs; one that waits to be reaped does not. */
export function runs(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
