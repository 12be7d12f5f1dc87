import { basename } from 'node:path';
import { hasEnded } from '../../process-table.ts';
import type { ProcessRow, ProcessSource } from './process-source.ts';

/**
 * What `ps` is asked where there is no /proc (macOS, ps(1)). `-E` adds the environment behind the command, for
 * processes of our own user; system programs under integrity protection hide theirs. `-ww` cuts no line.
 */
export const psArguments = ['-axEww', '-o', 'pid=,ppid=,stat=,rss=,lstart=,command='] as const;

/** The C locale and UTC, so that start times compare. */
export const psEnvironment = { LC_ALL: 'C', TZ: 'UTC' } as const;

const line = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+\s+\S+\s+\d+ \d\d:\d\d:\d\d \d{4})\s+(\S.*)$/;

interface PsRow extends ProcessRow {
  /** The command, its arguments and its environment, separated by spaces: nobody can tell them apart. */
  readonly text: string;
}

function ageOf(startTime: string): number {
  const time = Date.parse(`${startTime} UTC`);
  return Number.isNaN(time) ? 0 : time;
}

function parseLine(text: string): (Omit<PsRow, 'identity'> & { pid: number; startTime: string }) | null {
  const [, pid, parent, state, kilobytes, startTime, command] = line.exec(text) ?? [];
  if (state === undefined || startTime === undefined || command === undefined || hasEnded(state, 1))
    return null;
  return {
    pid: Number(pid),
    startTime,
    parent: Number(parent),
    name: basename(command.split(' ', 1)[0] ?? ''),
    isStopped: state.startsWith('T'),
    residentBytes: Number(kilobytes) * 1024,
    age: ageOf(startTime),
    text: command,
  };
}

/** macOS: the rows of one output of `ps` with `psArguments`. */
export function psSource(output: string): ProcessSource {
  const parsed = output
    .split('\n')
    .map(parseLine)
    .filter((row) => row !== null);
  // As in src/process-table.ts: when the first process started tells one boot from another.
  const bootId = parsed.find(({ pid }) => pid === 1)?.startTime ?? null;
  const rows = new Map<number, PsRow>(
    parsed.map(({ pid, startTime, ...row }) => [
      pid,
      { ...row, identity: { pid, startTime, bootId, namespace: null } },
    ]),
  );
  return {
    bootId,
    namespace: null,
    ageOf,
    pids: () => [...rows.keys()],
    has: (pid) => rows.has(pid),
    row: (pid) => rows.get(pid) ?? null,
    carries: ({ identity }, cookie) =>
      new RegExp(` \\w+_GOVERNED_LEASE=${cookie}( |$)`).test(rows.get(identity.pid)?.text ?? '')
        ? 'yes'
        : 'no',
  };
}
