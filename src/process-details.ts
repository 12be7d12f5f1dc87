import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { childProcess } from './child-process.ts';
import { fieldsBehindName, parseStat } from './process-table.ts';

/** What tells which program a process is, and on which terminal. Names in it are user text. */
export interface ProcessDetails {
  readonly pid: number;
  readonly parent: number;
  /** The program's name, without its directory. */
  readonly name: string;
  /** The program and its whole command line, for comparing; null when we may not see it. */
  readonly command: string | null;
  /**
   * Where the kernel put the program's stack and arguments, opaque: at random for every program that is started, and the same in
   * a process that was only forked from it. Null where that is not told.
   */
  readonly layout: string | null;
  /** Its controlling terminal, opaque; null when it has none. */
  readonly terminal: string | null;
  /** Its session, opaque; null where that is not told. */
  readonly session: string | null;
}

/** Looks at one process; null when it is not there. */
export type DetailsReader = (pid: number) => ProcessDetails | null;

/** How far up the ancestors of a process are followed. */
const maxGenerations = 1024;

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    // Gone, or another user's.
    return null;
  }
}

/** Linux: the details of a process from `/proc`, see proc_pid_stat(5): session (6), tty_nr (7), startstack (28) and arg_start (48). */
export function detailsFromProc(pid: number, proc = '/proc'): ProcessDetails | null {
  const stat = readOrNull(() => readFileSync(`${proc}/${pid}/stat`, 'latin1'));
  const fields = stat === null ? null : parseStat(stat);
  if (stat === null || fields === null) return null;
  const rest = fieldsBehindName(stat);
  const [session, device, stack, programArguments] = [rest[3], rest[4], rest[25], rest[45]];
  const file = readOrNull(() => readlinkSync(`${proc}/${pid}/exe`));
  const line = readOrNull(() => readFileSync(`${proc}/${pid}/cmdline`, 'latin1'));
  return {
    pid,
    parent: fields.parent,
    name: fields.name,
    command: file === null || line === null ? null : `${file}\0${line}`,
    layout: stack === '0' ? null : `${stack} ${programArguments}`,
    terminal: device === undefined || device === '0' ? null : device,
    session: session ?? null,
  };
}

/** macOS: the details in one line of `ps -o ppid=,tty=,command=` (ps(1); `??` is no terminal). */
export function detailsFromPs(pid: number, line: string): ProcessDetails | null {
  const [, parent, terminal, command] = /^\s*(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line) ?? [];
  if (parent === undefined || terminal === undefined || command === undefined) return null;
  return {
    pid,
    parent: Number(parent),
    // A login shell has a dash before its name.
    name: basename(command.split(' ', 1)[0] ?? '').replace(/^-/, ''),
    command,
    layout: null,
    terminal: /^\?+$/.test(terminal) ? null : terminal,
    session: null,
  };
}

function askPs(pid: number): ProcessDetails | null {
  const line = readOrNull(() =>
    childProcess().execFileSync('/bin/ps', ['-ww', '-o', 'ppid=,tty=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }),
  );
  return line === null ? null : detailsFromPs(pid, line);
}

/** Looks at one process of this machine. Costs a `ps` where there is no /proc: not for what is waited for. */
export function readDetails(pid: number): ProcessDetails | null {
  return process.platform === 'linux' ? detailsFromProc(pid) : askPs(pid);
}

/** The details of a process's parent, its parent … nearest first, up to the first that cannot be seen. */
export function ancestorDetails(pid: number, read: DetailsReader = readDetails): readonly ProcessDetails[] {
  const found: ProcessDetails[] = [];
  let next = read(pid)?.parent ?? 0;
  while (next > 0 && found.length < maxGenerations) {
    const details = read(next);
    if (details === null) break;
    found.push(details);
    next = details.parent;
  }
  return found;
}
