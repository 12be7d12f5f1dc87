import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { errorCode } from '../../error-code.ts';
import { fieldsBehindName, hasEnded, linuxTable, parseStat } from '../../process-table.ts';
import type { ProcessSource } from './process-source.ts';

/**
 * Reads a file of /proc or of a control group; null when it is not there or may not be read.
 * As UTF-8, because node reads whole files twice as fast so; what is no UTF-8 becomes U+FFFD, which no rule looks at.
 */
export function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The type of the entry that holds the page size in a process's auxiliary vector, getauxval(3). */
const pageSizeEntry = 6n;

/** The size of a memory page in bytes: 4096 on x64, up to 65536 elsewhere. */
function readPageSize(): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    const read = (offset: number) =>
      endianness() === 'LE' ? vector.readBigUInt64LE(offset) : vector.readBigUInt64BE(offset);
    for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
      if (read(offset) === pageSizeEntry) return Number(read(offset + 8));
    }
  } catch {
    // Without /proc there are no rows either.
  }
  return 4096;
}

let knownPageSize: number | undefined;

function pageSize(): number {
  knownPageSize ??= readPageSize();
  return knownPageSize;
}

/** What follows the prefix in the name of the variable that holds a run's cookie. */
const variableEnding = '_GOVERNED_LEASE=';

/**
 * True when an environment, as /proc shows it (entries that end in NUL), has `<PREFIX>_GOVERNED_LEASE` set to exactly
 * `cookie`, whatever the prefix. An entry that only holds such a text within its value does not count.
 */
export function hasCookie(environment: string, cookie: string): boolean {
  const wanted = `${variableEnding}${cookie}`;
  let at = environment.indexOf(wanted);
  while (at !== -1) {
    const prefix = environment.slice(environment.lastIndexOf('\0', at) + 1, at);
    const next = environment[at + wanted.length];
    if ((next === '\0' || next === undefined) && /^\w+$/.test(prefix)) return true;
    at = environment.indexOf(wanted, at + 1);
  }
  return false;
}

const isNumber = /^\d+$/;

function ageOf(startTime: string): number {
  return isNumber.test(startTime) ? Number(startTime) : 0;
}

/** Where the environment ends in memory, counted among the figures of `/proc/<pid>/stat` after the name. */
const environmentEndField = 48;

/**
 * True while a process is between its old program and the new one: its environment is in neither place. On a busy
 * machine this lasts for many milliseconds, and `server & exit` leaves a process behind in just that state.
 */
function isBetweenPrograms(pid: number): boolean {
  const text = readKernelFile(`/proc/${pid}/stat`) ?? '';
  return fieldsBehindName(text)[environmentEndField] === '0';
}

/** Linux: /proc, one small file for each thing that is asked. */
export function linuxSource(): ProcessSource {
  const { bootId, namespace } = linuxTable();
  return {
    bootId,
    namespace,
    ageOf,
    pids() {
      try {
        return readdirSync('/proc')
          .filter((name) => isNumber.test(name))
          .map(Number);
      } catch {
        return [];
      }
    },
    has: (pid) => existsSync(`/proc/${pid}`),
    row(pid) {
      const fields = parseStat(readKernelFile(`/proc/${pid}/stat`) ?? '');
      if (fields === null || fields.isKernelThread || hasEnded(fields.state, fields.threads)) return null;
      return {
        identity: { pid, startTime: fields.startTime, bootId, namespace },
        parent: fields.parent,
        name: fields.name,
        isStopped: fields.state === 'T',
        residentBytes: fields.residentPages * pageSize(),
        age: ageOf(fields.startTime),
      };
    },
    carries(row, cookie) {
      const { pid } = row.identity;
      let environment = readKernelFile(`/proc/${pid}/environ`);
      if (environment === '') {
        if (isBetweenPrograms(pid)) return 'undecided';
        // It may have come to its new program between the two looks.
        environment = readKernelFile(`/proc/${pid}/environ`);
      }
      return environment !== null && hasCookie(environment, cookie) ? 'yes' : 'no';
    },
  };
}

/** A process's share of memory in bytes (PSS: shared pages divided by their users), or why there is none. */
export type ShareReading = number | 'gone' | 'unreadable';

/** Reads a process's share of memory, proc_pid_smaps(5). Takes the kernel up to a millisecond. */
export function readShare(pid: number): ShareReading {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return pss === undefined ? 'gone' : Number(pss) * 1024;
  } catch (error) {
    // Kernels before 4.14 have no such file for a process that is there; a process that is ending has no memory.
    const isGone =
      errorCode(error) === 'ESRCH' ||
      (errorCode(error) === 'ENOENT' && existsSync('/proc/self/smaps_rollup'));
    return isGone ? 'gone' : 'unreadable';
  }
}
