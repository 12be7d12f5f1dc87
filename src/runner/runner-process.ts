import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { childProcess } from '../child-process.ts';
import type { Environment } from '../env.ts';

/** A program with its arguments, and where it runs. */
export interface RunnerCommand {
  readonly file: string;
  readonly words: readonly string[];
  readonly cwd: string;
}

type EndListener = (code: number | null, signal: NodeJS.Signals | null) => void;

/** A process that is, or is about to become, the runner. */
export interface RunnerProcess {
  /** Undefined for one that could not be started. */
  readonly pid: number | undefined;
  /** Sends a signal; false when that was too late, or is not allowed. */
  kill(signal: NodeJS.Signals): boolean;
  /** The status with which it has ended, or the signal that ended it. */
  onEnd(listener: EndListener): void;
  /** Why it could not be started. */
  onFailure(listener: (error: Error) => void): void;
}

/** One that node's child_process has started. */
export function runnerOf(child: ChildProcess): RunnerProcess {
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    onEnd(listener) {
      child.on('exit', listener);
    },
    onFailure(listener) {
      child.on('error', (error) => {
        // Also emitted for a signal that we may not send (to sudo): the runner goes on.
        if (child.pid === undefined) listener(error);
      });
    },
  };
}

/** The handle of a process, as far as we use it: lib/internal/child_process.js of node is its other user. */
interface ProcessHandle {
  readonly pid: number;
  onexit: (code: number, signal: string) => void;
  /** Gives 0, or libuv's number of an error. */
  spawn(options: {
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly envPairs: readonly string[];
    readonly stdio: readonly { readonly type: 'inherit'; readonly fd: number }[];
  }): number;
  /** Gives 0, or libuv's number of an error. */
  kill(signal: number): number;
  close(): void;
}

interface ProcessWrap {
  readonly Process: new () => ProcessHandle;
}

function isProcessWrap(value: unknown): value is ProcessWrap {
  return (
    typeof value === 'object' && value !== null && 'Process' in value && typeof value.Process === 'function'
  );
}

/**
 * The versions of node in which the binding was seen to work so, a major one with its last minor one: all of 20, and 22 up to 22.23. Each other
 * one is left alone, a later 22 too: 24 took to other arguments between two of its versions, and ends a process that gives it these.
 */
const provenVersions: Readonly<Record<string, number>> = { '20': Number.POSITIVE_INFINITY, '22': 23 };

/** Whether this version of node starts processes in the way that we know. */
export function isProven(version: string): boolean {
  const [major = '', minor] = version.split('.', 2);
  return Number(minor) <= (provenVersions[major] ?? -1);
}

/**
 * The binding that child_process is made of. With it a runner starts three milliseconds sooner, a seventh of all that a start takes:
 * child_process loads node's streams and sockets first, for pipes that a runner with the user's own does not have.
 * Null where node does not have it, or was never tried. Throws where it is not given away: by the permission model, by a preload.
 */
function processWrap(version: string): ProcessWrap | null {
  if (!isProven(version)) return null;
  const { noDeprecation } = process;
  // DEP0111: the user's own `--pending-deprecation` is for his programs.
  process.noDeprecation = true;
  try {
    const binding: unknown = Reflect.get(process, 'binding');
    if (typeof binding !== 'function') return null;
    const wrap: unknown = Reflect.apply(binding, process, ['process_wrap']);
    return isProcessWrap(wrap) ? wrap : null;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}

function startByChildProcess(
  { file, words, cwd }: RunnerCommand,
  environment: Environment,
): RunnerProcess | Error {
  try {
    return runnerOf(childProcess().spawn(file, words, { cwd, env: { ...environment }, stdio: 'inherit' }));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Starts a program with our own descriptors; null when it could not be, or not in this way. May throw instead. */
function startByHandle(
  { file, words, cwd }: RunnerCommand,
  environment: Environment,
  version: string,
): RunnerProcess | null {
  const wrap = processWrap(version);
  if (wrap === null) return null;
  const handle = new wrap.Process();
  const listeners: EndListener[] = [];
  let hasEnded = false;
  handle.onexit = (code, signal) => {
    hasEnded = true;
    handle.close();
    for (const listener of listeners) {
      if (isSignal(signal)) listener(null, signal);
      else listener(code, null);
    }
  };
  const envPairs: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) envPairs.push(`${name}=${value}`);
  }
  const error = handle.spawn({
    file,
    args: [file, ...words],
    cwd,
    envPairs,
    stdio: [0, 1, 2].map((fd) => ({ type: 'inherit', fd })),
  });
  if (error !== 0) {
    handle.close();
    return null;
  }
  return {
    pid: handle.pid,
    kill: (signal) => !hasEnded && handle.kill(constants.signals[signal]) === 0,
    onEnd(listener) {
      listeners.push(listener);
    },
    // It has been started.
    onFailure: () => undefined,
  };
}

/**
 * Starts the runner with our own stdin, stdout and stderr. Some of what can go wrong is an event, and some is returned: arguments that
 * are too long, too little memory.
 * @param version of node. Only tests give another one.
 */
export function startRunner(
  command: RunnerCommand,
  environment: Environment,
  version = process.versions.node,
): RunnerProcess | Error {
  let started: RunnerProcess | null;
  try {
    started = startByHandle(command, environment, version);
  } catch {
    // Nothing runs yet: node throws before it starts anything.
    started = null;
  }
  return started ?? startByChildProcess(command, environment);
}
