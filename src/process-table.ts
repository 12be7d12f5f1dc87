import { readFileSync, readlinkSync } from 'node:fs';
import { isDigits } from './characters.ts';
import { childProcess } from './child-process.ts';
import { errorCode } from './error-code.ts';

/** What the system says about one process id right now. */
export type Sighting =
  | {
      readonly kind: 'running';
      readonly parent: number;
      /** Opaque; equal for two looks at the same process, different for two processes that share a pid. */
      readonly startTime: string;
      /** When it started, milliseconds since the epoch as far as the system lets us know; null when it does not. */
      readonly startedAt: number | null;
      /** It is stopped (SIGSTOP, Ctrl-Z, a debugger) and does nothing until somebody continues it. */
      readonly stopped: boolean;
    }
  /** No such process, or only its exit status is left (a zombie). */
  | { readonly kind: 'gone' }
  /** Something may be there, but we are not allowed to look. */
  | { readonly kind: 'hidden' };

/** A look at the machine's processes, as fresh as the moment when it was opened. */
export interface ProcessTable {
  sight(pid: number): Sighting;
  /** Names this boot of the machine; null when it cannot be known. */
  readonly bootId: string | null;
  /** Names the pid namespace in which pids are meant, and the time namespace if it is not the machine's own; null where there is no such thing. */
  readonly namespace: string | null;
}

/** The fields of Linux's `/proc/<pid>/stat` that we use. */
export interface StatFields {
  /** The program's name, cut by the kernel to 15 bytes. */
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly threads: number;
  /** Clock ticks between boot and start, as text. */
  readonly startTime: string;
  /** Resident memory in pages. */
  readonly residentPages: number;
  /** True for a part of the kernel itself, which has no memory and takes no signals. */
  readonly isKernelThread: boolean;
}

/** The flag of kernel threads, include/linux/sched.h (PF_KTHREAD). */
const kernelThreadFlag = 0x0020_0000;

/**
 * The fields of one `/proc/<pid>/stat` behind the program's name: proc_pid_stat(5) counts from 1, and the first of these is its third.
 * The name, in parentheses, may itself hold spaces, newlines and `)`: only what follows the last `)` can be split.
 * @param count how many are needed; all when absent.
 */
export function fieldsBehindName(text: string, count?: number): readonly string[] {
  // Behind the parenthesis stands one space, and one between two fields.
  return text.slice(text.lastIndexOf(')') + 2).split(' ', count);
}

/** Reads one `/proc/<pid>/stat`; null when it is not one. */
export function parseStat(text: string): StatFields | null {
  const fields = fieldsBehindName(text, 22);
  const [state, parent, flags, threads] = [fields[0], fields[1], fields[6], fields[17]];
  const [startTime, resident] = [fields[19], fields[21]];
  const nameEnd = text.lastIndexOf(')');
  if (nameEnd === -1 || state === undefined || startTime === undefined || !isDigits(startTime)) {
    return null;
  }
  return {
    name: text.slice(text.indexOf('(') + 1, nameEnd),
    state,
    parent: Number(parent),
    threads: Number(threads),
    startTime,
    residentPages: Number(resident ?? 0),
    isKernelThread: (Number(flags) & kernelThreadFlag) !== 0,
  };
}

/** True for a stopped process: `T` by a signal, `t` by a tracer on Linux; ps on macOS has `T` alone. */
function isStopped(state: string): boolean {
  return state.startsWith('T') || state.startsWith('t');
}

/** True when the state letter says that the process has ended. A leader that ended before its threads has not. */
export function hasEnded(state: string, threads: number): boolean {
  return state.startsWith('X') || (state.startsWith('Z') && !(threads > 1));
}

function readOrNull(read: () => string): string | null {
  try {
    return read().trim();
  } catch {
    return null;
  }
}

/** Asks the kernel for a pid whose /proc entry cannot be seen (hidepid, no /proc at all). */
function probe(pid: number): Sighting {
  try {
    process.kill(pid, 0);
    return { kind: 'hidden' };
  } catch (error) {
    return { kind: errorCode(error) === 'ESRCH' ? 'gone' : 'hidden' };
  }
}

/** USER_HZ, the unit of start times in /proc: 100 on every architecture that node runs on. */
export const ticksPerSecond = 100;

/**
 * The wall-clock time of boot in milliseconds, from the one process of which we know both the tick and the time:
 * our own. `/proc/uptime` would say it too, but containers (lxcfs) show their own uptime beside the host's ticks.
 */
function bootTime(proc: string): number | null {
  const own = readOrNull(() => readFileSync(`${proc}/self/stat`, 'utf8'));
  const fields = own === null ? null : parseStat(own);
  return fields === null ? null : performance.timeOrigin - (Number(fields.startTime) * 1000) / ticksPerSecond;
}

/** What stays the same for as long as this process lives. */
interface Surroundings {
  readonly bootId: string | null;
  readonly namespace: string | null;
}

const known = new Map<string, Surroundings>();

/** The time namespace of the machine itself has this number in every kernel. */
const ownTime = 'time:[4026531834]';

/** In another time namespace each process has another start time: what is said there of processes cannot be compared here. */
function namespaceOf(proc: string): string | null {
  const pids = readOrNull(() => readlinkSync(`${proc}/self/ns/pid`));
  const time = readOrNull(() => readlinkSync(`${proc}/self/ns/time`));
  return pids === null || time === null || time === ownTime ? pids : `${pids} ${time}`;
}

function surroundings(proc: string): Surroundings {
  const found = known.get(proc) ?? {
    bootId: readOrNull(() => readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8')),
    namespace: namespaceOf(proc),
  };
  known.set(proc, found);
  return found;
}

/** Linux: reads `/proc` one process at a time, so that a look at one pid costs one small file. */
export function linuxTable(proc = '/proc'): ProcessTable {
  let booted: number | null | undefined;
  return {
    ...surroundings(proc),
    sight(pid) {
      // As UTF-8, for which node has a short cut. A name may be none; what is read here stands behind it.
      const text = readOrNull(() => readFileSync(`${proc}/${pid}/stat`, 'utf8'));
      const fields = text === null ? null : parseStat(text);
      if (fields === null) {
        return probe(pid);
      }
      if (hasEnded(fields.state, fields.threads)) {
        return { kind: 'gone' };
      }
      const { parent, startTime, state } = fields;
      return {
        kind: 'running',
        parent,
        startTime,
        // Takes a file more, and hardly anybody asks.
        get startedAt() {
          booted = booted === undefined ? bootTime(proc) : booted;
          return booted === null ? null : booted + (Number(startTime) * 1000) / ticksPerSecond;
        },
        stopped: isStopped(state),
      };
    },
  };
}

/** Parses `ps -axo pid=,ppid=,stat=,lstart=` as written in the C locale and UTC. */
export function psTable(output: string): ProcessTable {
  const rows = new Map<number, Sighting>();
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    const [, pid, parent, state, started] = match ?? [];
    if (pid === undefined || parent === undefined || state === undefined || started === undefined) {
      continue;
    }
    const startedAt = Date.parse(`${started} UTC`);
    rows.set(
      Number(pid),
      hasEnded(state, 1)
        ? { kind: 'gone' }
        : {
            kind: 'running',
            parent: Number(parent),
            startTime: started,
            startedAt: Number.isNaN(startedAt) ? null : startedAt,
            stopped: isStopped(state),
          },
    );
  }
  const first = rows.get(1);
  return {
    // When the first process started tells one boot from another, without a second program to run.
    bootId: first?.kind === 'running' ? first.startTime : null,
    namespace: null,
    sight: (pid) => rows.get(pid) ?? (rows.size === 0 ? { kind: 'hidden' } : probe(pid)),
  };
}

/** The program that lists processes where there is no /proc; in the C locale and UTC, so that times compare. */
function listProcesses(): string {
  try {
    return childProcess().execFileSync('/bin/ps', ['-axo', 'pid=,ppid=,stat=,lstart='], {
      encoding: 'latin1',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
  } catch {
    // Without a list nothing can be called dead: an empty table answers `hidden` to everything.
    return '';
  }
}

/** The processes of this machine: /proc on Linux, one `ps` elsewhere. */
export function openProcessTable(): ProcessTable {
  return process.platform === 'linux' ? linuxTable() : psTable(listProcesses());
}
