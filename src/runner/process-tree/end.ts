import { monotonicMs } from '../../clock.ts';
import { type BirthMark, birthMark, bornSince } from './births.ts';
import { cgroupPids, killCgroup, setFrozen } from './cgroup.ts';
import { openSource } from './open-source.ts';
import { pause } from './pause.ts';
import { keyOf, type ProcessRow } from './process-source.ts';
import { protectedPids } from './protected.ts';
import { type Delivery, openSignaller } from './signal.ts';
import { type Certainty, survey, toRunProcess } from './survey.ts';
import { type RunProcess, runCgroups, type Work } from './work.ts';

/** How a run's processes are to be ended. */
export interface EndOptions {
  /** Between the first signal and SIGKILL, in milliseconds. One deadline for the whole tree. */
  readonly graceMs: number;
  /** Processes of the run that were seen while it ran. */
  readonly known?: Iterable<RunProcess>;
  /** The first signal; SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /** Ends the grace at once. */
  readonly hurry?: AbortSignal;
  /** Before the first signal: time for those that are about to end by themselves, in milliseconds; none. */
  readonly settleMs?: number;
  /** How long SIGKILL is repeated for what does not go away, in milliseconds; 2000. */
  readonly killMs?: number;
}

/** A process that is still there after SIGKILL. */
export interface RemainingProcess {
  readonly process: RunProcess;
  /** `not-permitted`: it runs as another user; `does-not-die`: it hangs in the kernel, or others come after it. */
  readonly reason: 'not-permitted' | 'does-not-die';
}

/** What became of a run's processes. Names in it are user text: escape them before they are printed. */
export interface EndReport {
  /** Those that were there and are gone now, oldest first. Empty when there was nothing to end. */
  readonly ended: readonly RunProcess[];
  /** True when some had to be ended by SIGKILL. */
  readonly forced: boolean;
  /** Those that could not be ended; empty when all is well. */
  readonly remaining: readonly RemainingProcess[];
}

const firstPollMs = 5;
const lastPollMs = 50;

/** How long a process may take to become another program, on a machine that hardly gets on. */
const unsureMs = 1000;

/** How long a machine may take to show any process at all. Where `ps` is needed and cannot run, there is a shortage that passes. */
const blindMs = 60_000;

/** Of the time that passes while we wait, at most this part goes into looking. */
const lookShare = 0.1;

const defaultKillMs = 2000;

/** Between two rounds of SIGKILL the kernel takes down what was hit. */
const killPollMs = 10;

/** How often in a row those are hit that were forked while the others were being killed. */
const maxChases = 100;

/** The ending of one run: what was seen of it, and what was sent. */
class Ending {
  readonly #work: Work;
  readonly #known: readonly RunProcess[];
  readonly #seen = new Map<string, ProcessRow>();
  readonly #signalled = new Set<string>();
  readonly #deliveries = new Map<string, Delivery>();
  #living: readonly ProcessRow[] = [];
  #certainty: Certainty = 'sure';
  #lookedAt: BirthMark | null = null;

  constructor(work: Work, known: Iterable<RunProcess>) {
    this.#work = work;
    this.#known = [...known];
  }

  /** Looks for the run's processes; among `pids` and those that lived at the last look only, when pids are given. */
  look(pids?: readonly number[]): readonly ProcessRow[] {
    this.#lookedAt = birthMark();
    const { rows, certainty } = survey({
      work: this.#work,
      known: [...this.#known, ...this.#living.map(toRunProcess)],
      source: openSource(),
      ...(pids === undefined ? {} : { pids }),
    });
    for (const row of rows) this.#seen.set(keyOf(row), row);
    this.#living = rows;
    this.#certainty = certainty;
    return rows;
  }

  /** Looks until something is found, or surely nothing. */
  async lookClosely(): Promise<readonly ProcessRow[]> {
    const began = monotonicMs();
    for (let wait = firstPollMs; ; wait = Math.min(wait * 1.5, lastPollMs)) {
      const rows = this.look();
      const patienceMs = { sure: 0, unsure: unsureMs, blind: blindMs }[this.#certainty];
      if (rows.length > 0 || monotonicMs() - began >= patienceMs) return rows;
      await pause(wait);
    }
  }

  /** Forgets what has been seen so far: it ended by itself. */
  forget(): void {
    this.#seen.clear();
  }

  /**
   * Sends the first signal to all that have not had it, parents first, so that a runner hears it before its workers are
   * gone. What came later and has a parent in the run is left alone: it may be that one's cleaning up.
   */
  ask(rows: readonly ProcessRow[], signal: NodeJS.Signals, isFirst: boolean): void {
    const send = openSignaller(openSource());
    const pids = new Set(rows.map(({ identity }) => identity.pid));
    for (const row of rows) {
      if (this.#signalled.has(keyOf(row)) || !(isFirst || !pids.has(row.parent))) continue;
      this.#signalled.add(keyOf(row));
      send(row.identity, signal);
    }
    // A stopped or frozen process takes a signal only when it goes on.
    for (const directory of runCgroups(this.#work)) setFrozen(directory, false);
    for (const row of rows) if (row.isStopped) send(row.identity, 'SIGCONT');
  }

  /** Kills the groups and each process. The kernel does not fork in a process that is being killed: one hit suffices. */
  kill(rows: readonly ProcessRow[]): void {
    const source = openSource();
    const untouchable = protectedPids(source);
    for (const directory of runCgroups(this.#work)) {
      if (!cgroupPids([directory]).some((pid) => untouchable.has(pid))) killCgroup(directory);
    }
    const send = openSignaller(source);
    for (const row of rows) this.#deliveries.set(keyOf(row), send(row.identity, 'SIGKILL'));
  }

  /**
   * Kills those that were forked while the last ones were being killed, by looking at the newest pids only: as quick as
   * that, it overtakes what forks without end.
   */
  chase(rows: readonly ProcessRow[]): void {
    this.kill(rows);
    for (let round = 0; round < maxChases; round++) {
      const isNew = bornSince(this.#lookedAt);
      if (isNew === null) return;
      const newest = openSource().pids().filter(isNew);
      const fresh = this.look(newest).filter((row) => !this.#deliveries.has(keyOf(row)));
      if (fresh.length === 0) return;
      this.kill(fresh);
    }
  }

  report(rows: readonly ProcessRow[], forced: boolean): EndReport {
    const left = new Set(rows.map(keyOf));
    return {
      ended: [...this.#seen.values()]
        .filter((row) => !left.has(keyOf(row)))
        .sort((a, b) => a.age - b.age || a.identity.pid - b.identity.pid)
        .map(toRunProcess),
      forced,
      remaining: rows.map((row) => ({
        process: toRunProcess(row),
        reason: this.#deliveries.get(keyOf(row)) === 'refused' ? 'not-permitted' : 'does-not-die',
      })),
    };
  }
}

/** Looks again and again until nothing is left, the time is up or somebody hurries; gives what is left then. */
async function waitUntilGone(
  ending: Ending,
  deadline: number,
  hurry: AbortSignal | undefined,
  each: (rows: readonly ProcessRow[]) => void,
): Promise<readonly ProcessRow[]> {
  for (let wait = firstPollMs; ; wait = Math.min(wait * 1.5, lastPollMs)) {
    const before = monotonicMs();
    const rows = await ending.lookClosely();
    const now = monotonicMs();
    if (rows.length === 0 || now >= deadline || hurry?.aborted === true) return rows;
    each(rows);
    await pause(Math.min(Math.max(wait, (now - before) / lookShare), deadline - now), hurry);
  }
}

/**
 * Ends all processes of a run: the first signal to each of them, the grace, then SIGKILL until none is left. For runs
 * that took too long, for what a run left behind, and for orphaned runs of which we never were the parent.
 * Never rejects because of a process; what would not die is in the report.
 */
export async function endWork(work: Work, options: EndOptions): Promise<EndReport> {
  const { graceMs, known = [], signal = 'SIGTERM', hurry, settleMs = 0, killMs = defaultKillMs } = options;
  const ending = new Ending(work, known);
  if (settleMs > 0) {
    const left = await waitUntilGone(ending, monotonicMs() + settleMs, hurry, () => undefined);
    ending.forget();
    if (left.length === 0) return ending.report([], false);
  }
  const first = await ending.lookClosely();
  if (first.length === 0) return ending.report([], false);
  ending.ask(first, signal, true);
  let rows = await waitUntilGone(ending, monotonicMs() + graceMs, hurry, (found) =>
    ending.ask(found, signal, false),
  );
  if (rows.length === 0) return ending.report([], false);

  const deadline = monotonicMs() + killMs;
  while (rows.length > 0 && monotonicMs() < deadline) {
    ending.chase(rows);
    await pause(killPollMs);
    rows = await ending.lookClosely();
  }
  return ending.report(rows, true);
}
