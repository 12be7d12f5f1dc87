import type { ProcessIdentity } from '../../process-identity.ts';

/** What one look at a process shows. Zombies have no row: they have ended. */
export interface ProcessRow {
  readonly identity: ProcessIdentity;
  readonly parent: number;
  readonly name: string;
  /** True when it was stopped by a signal (not by a debugger). */
  readonly isStopped: boolean;
  /** Resident memory in bytes, pages that it shares with others included. */
  readonly residentBytes: number;
  /** Orders processes by their start; grows with time, equal within the system's clock tick. */
  readonly age: number;
}

/** Names a process for as long as this machine runs. */
export function keyOf({ identity }: ProcessRow): string {
  return `${identity.pid} ${identity.startTime}`;
}

/** Whether a process carries a cookie; `undecided` while it is between two programs (execve) and shows no environment. */
export type Carrying = 'yes' | 'no' | 'undecided';

/** Where rows come from: /proc, read as it is asked, or one output of `ps`. */
export interface ProcessSource {
  /** Every pid that there is, in no order. */
  pids(): readonly number[];
  /** Whether there is such a process, which may have ended. The quickest look at one that is probably gone. */
  has(pid: number): boolean;
  /** Null when there is no such process, it has ended, it is a kernel thread, or it cannot be seen. */
  row(pid: number): ProcessRow | null;
  /** Whether a process has `<PREFIX>_GOVERNED_LEASE=<cookie>` in the environment that it was started with. */
  carries(row: ProcessRow, cookie: string): Carrying;
  /** A start time in the unit of `ProcessRow.age`; 0 when it is none. */
  ageOf(startTime: string): number;
  readonly bootId: string | null;
  readonly namespace: string | null;
}
