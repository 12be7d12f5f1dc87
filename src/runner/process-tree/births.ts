import { monotonicMs } from '../../clock.ts';
import type { ProcessIdentity } from '../../process-identity.ts';
import { ticksPerSecond } from '../../process-table.ts';
import { readKernelFile } from './linux-source.ts';

/**
 * A moment in the machine's count of pids. Linux hands pids out in order and starts again at the top, so the pids born
 * since a moment are those between the last one then and the last one now (kernel/pid.c, idr_alloc_cyclic; the last one
 * is the fifth figure of /proc/loadavg, proc_loadavg(5)).
 */
export interface BirthMark {
  readonly lastPid: number;
  /** When, in the milliseconds of `monotonicMs`. */
  readonly atMs: number;
}

/**
 * More processes and threads a second than a machine that is of any use gives birth to. After so many that every pid
 * may have been handed out again, the order says nothing.
 */
const birthsPerSecond = 10_000;

/** Pids below this one are not handed out a second time (kernel/pid.c, RESERVED_PIDS). */
const reservedPids = 300;

/** The last pid that was handed out; null where the system does not say. */
export function lastPid(loadavg: string | null = readKernelFile('/proc/loadavg')): number | null {
  const last = Number(/ (\d+)\n?$/.exec(loadavg ?? '')?.[1] ?? 0);
  return last > 0 ? last : null;
}

/** This moment; null where the system does not say. */
export function birthMark(): BirthMark | null {
  const last = lastPid();
  return last === null ? null : { lastPid: last, atMs: monotonicMs() };
}

/**
 * The moment when a process was born; null when it cannot be told. Reckoned from the clock that start times are read
 * from, which also runs while the machine sleeps; where a container shows an uptime of its own the two disagree, and
 * nothing is told.
 */
export function birthOf(
  { pid, startTime }: ProcessIdentity,
  uptime: string | null = readKernelFile('/proc/uptime'),
): BirthMark | null {
  const ageMs = Number.parseFloat(uptime ?? '') * 1000 - (Number(startTime) * 1000) / ticksPerSecond;
  return ageMs >= 0 ? { lastPid: pid, atMs: monotonicMs() - ageMs } : null;
}

/** True when `pid` comes after `from`, and no later than `to`, in the order in which pids are handed out. */
export function isBornBetween(pid: number, from: number, to: number): boolean {
  return from <= to ? pid > from && pid <= to : pid > from || pid <= to;
}

let knownPidMax: number | undefined;

function pidMax(): number {
  knownPidMax ??= Number(readKernelFile('/proc/sys/kernel/pid_max') ?? 0);
  return knownPidMax;
}

/** True when pids may have gone round completely in this time, given how many there are. */
export function mayHaveGoneRound(elapsedMs: number, pids: number = pidMax()): boolean {
  return !(elapsedMs >= 0) || (elapsedMs / 1000) * birthsPerSecond >= pids - reservedPids;
}

/** Tells for a pid whether it can have been born since a moment; null when all can. */
export function bornSince(mark: BirthMark | null): ((pid: number) => boolean) | null {
  const to = mark === null ? null : lastPid();
  if (mark === null || to === null || mayHaveGoneRound(monotonicMs() - mark.atMs)) return null;
  return (pid) => isBornBetween(pid, mark.lastPid, to);
}
