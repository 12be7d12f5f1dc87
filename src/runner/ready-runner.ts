import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Writable } from 'node:stream';
import { isName } from '../characters.ts';
import { childProcess } from '../child-process.ts';
import type { Environment } from '../env.ts';
import { type RunnerCommand, type RunnerProcess, runnerOf } from './runner-process.ts';

/**
 * Reads a variable's name and then, when it is time, the lease's id on descriptor 3, and becomes the runner, with the same pid. When
 * the pipe is closed instead (its writer was killed), it ends. What is exported is a name and a value, not a text that a shell
 * would read. Ctrl-\ is to end it without a core file of a shell; what it becomes does not inherit a trap.
 */
const script = `trap 'exit 131' QUIT
IFS= read -r test_governor_name <&3 || exit 125
IFS= read -r test_governor_lease <&3 || exit 125
export "$test_governor_name=$test_governor_lease"
exec 3<&-
exec "$@"`;

function canStart(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Null also for a process that could not be made: node gives it no streams at all. */
function pipeOf(child: ChildProcess): Writable | null {
  const streams: ChildProcess['stdio'] | undefined = child.stdio;
  const pipe = streams?.[3];
  return pipe !== null && pipe !== undefined && 'write' in pipe ? pipe : null;
}

/** A shell that has been started, and what it waits for. */
interface Standing {
  readonly child: ChildProcess;
  readonly pipe: Writable;
}

function isWaiting(standing: Standing | null): standing is Standing {
  return (
    standing?.child.pid !== undefined &&
    standing.child.exitCode === null &&
    standing.child.signalCode === null
  );
}

/** A runner that stands ready while the run is the first in line: starting a process takes node longer than all the rest of a hand-off. */
export interface ReadyRunner {
  /** Makes it stand ready, unless it does already. What cannot be had is done without. */
  prepare(): void;
  /** Whether it does. */
  isStanding(): boolean;
  /** Lets it become the runner of the lease with this id; null when none stands ready. */
  become(lease: string): RunnerProcess | null;
  /** Ends it when it is not needed. */
  discard(): void;
}

/**
 * A runner that can stand ready.
 * @param environment gives the run's, without the lease.
 * @param leaseVariable the variable that is to hold the lease's id.
 */
export function createReadyRunner(
  { file, words, cwd }: RunnerCommand,
  environment: () => Environment,
  leaseVariable: string,
): ReadyRunner {
  let standing: Standing | null = null;
  return {
    prepare() {
      // A name to be searched for in PATH is not a file that can be seen to be there when it is time.
      if (standing !== null || !isAbsolute(file)) return;
      const env = environment();
      // dash hands on no variables with other names.
      if (!Object.keys(env).every(isName)) return;
      let child: ChildProcess;
      try {
        child = childProcess().spawn('/bin/sh', ['-c', script, 'sh', file, ...words], {
          cwd,
          env: { ...env },
          stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
        });
      } catch {
        // Too much environment, too little memory: the run is started as any other.
        return;
      }
      child.on('error', () => undefined);
      const pipe = pipeOf(child);
      if (pipe === null) return;
      standing = { child, pipe };
      pipe.on('error', () => undefined);
      // What is written first takes node longest: the name goes now, when nobody waits for it.
      pipe.write(`${leaseVariable}\n`);
    },
    isStanding: () => isWaiting(standing),
    become(lease) {
      // sh could only say in its own words that the program is gone.
      if (!isWaiting(standing) || !canStart(file)) return null;
      const { child, pipe } = standing;
      standing = null;
      pipe.write(`${lease}\n`);
      // It was stopped with us (Ctrl-Z), and only we were continued (`kill -CONT` with our pid).
      child.kill('SIGCONT');
      return runnerOf(child);
    },
    discard() {
      // SIGKILL also ends one that was stopped together with us.
      standing?.child.kill('SIGKILL');
      standing?.pipe.destroy();
      standing?.child.unref();
      standing = null;
    },
  };
}
