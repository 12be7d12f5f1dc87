import { monotonicMs } from '../../clock.ts';
import { firstMomentsMs } from '../first-moments.ts';
import { type BirthMark, birthMark, birthOf, bornSince } from './births.ts';
import { busyClock } from './busy-clock.ts';
import { hasLeftovers } from './find.ts';
import { createMemoryMeter, type PeakMemory, readGroupMemory, toMb } from './memory.ts';
import { openSourceLater } from './open-source.ts';
import { breathe } from './pause.ts';
import { surveySteps, toRunProcess } from './survey.ts';
import { type RunProcess, runCgroups, type Work } from './work.ts';

/** Settings of an observation, in milliseconds; the defaults keep it below one percent of a core. */
export interface ObserveOptions {
  /** Before the first sample; {@link firstMomentsMs}. */
  readonly delayMs?: number;
  /** Between two samples, once the run is some seconds old; longer when a sample takes long; 1000. */
  readonly intervalMs?: number;
}

/** Watches a running run. */
export interface WorkObserver {
  /** The run's processes that lived at the last sample. What cuts every tie after that is still found by them. */
  known(): readonly RunProcess[];
  /** Whether processes are left, now that the leader has ended. Quick, see `hasLeftovers`. */
  hasLeftovers(): boolean;
  /**
   * The most memory that the run had so far; null when it was too short to be seen. Ask before the run's control groups
   * are removed.
   */
  peakMemory(): PeakMemory | null;
  /** Ends the watching; what was seen stays. */
  stop(): void;
}

/** The part of one core that looking for processes may take. A control group keeps hold of them by itself, so about half of it is enough. */
const lookShare = { alone: 0.0025, withGroups: 0.0015 } as const;

/** The part of one core that reading memory shares may take, and what may be spent of it at once. */
const shareReading = { part: 0.002, burstMs: 20 } as const;

/** What steps gave, and the processor time that the steps alone took. */
interface Stepped<T> {
  readonly value: T;
  readonly busyMs: number;
}

/** Runs a generator to its end and lets the event loop go on between its steps. */
async function runInSteps<T>(steps: Generator<void, T>): Promise<Stepped<T>> {
  let busyMs = 0;
  for (;;) {
    const before = busyClock();
    const step = steps.next();
    busyMs += busyClock() - before;
    if (step.done === true) return { value: step.value, busyMs };
    await breathe();
  }
}

/** The peak of the run's control group, which the kernel keeps; the first source that has a figure stays the source. */
function createGroupMeter(directories: readonly string[]) {
  let peak: { readonly bytes: number; readonly source: PeakMemory['source'] } | null = null;
  return (): PeakMemory | null => {
    const now = readGroupMemory(directories);
    if (now !== null && (peak === null || (now.source === peak.source && now.bytes > peak.bytes))) peak = now;
    return peak === null ? null : { mb: toMb(peak.bytes), source: peak.source };
  };
}

/**
 * Begins to watch a run. Each sample looks at the known processes and at those that were born since the sample before,
 * so that a process that later leaves the tree with an emptied environment is known by then. Its timers keep nothing
 * alive.
 */
export function observeWork(work: Work, options: ObserveOptions = {}): WorkObserver {
  const { delayMs = firstMomentsMs, intervalMs = 1000 } = options;
  const share = runCgroups(work).length > 0 ? lookShare.withGroups : lookShare.alone;
  const groupPeak = createGroupMeter(runCgroups(work));
  const meter = createMemoryMeter();
  let known: readonly RunProcess[] = [];
  // One sample behind: what was being born while it was looked at is looked at again.
  let mark: BirthMark | null = work.leader === null ? null : birthOf(work.leader);
  let nextMark = mark;
  let isWatching = true;
  let shareBudgetMs: number = shareReading.burstMs;
  let sampledAt = monotonicMs();

  /** Looks once; gives the processor time that it took, without the reading of shares. */
  async function sample(): Promise<number> {
    const began = monotonicMs();
    const opening = busyClock();
    const now = birthMark();
    const source = await openSourceLater();
    const listed = source.pids();
    // Nothing can be seen at the moment; what was known still is.
    if (listed.length === 0) return busyClock() - opening;
    const isNew = bornSince(mark);
    const pids = isNew === null ? listed : listed.filter(isNew);
    const openedMs = busyClock() - opening;
    const { value: found, busyMs } = await runInSteps(surveySteps({ work, known, source, pids }));
    known = found.rows.map(toRunProcess);
    mark = nextMark;
    nextMark = now;

    shareBudgetMs = Math.min(shareReading.burstMs, shareBudgetMs + (began - sampledAt) * shareReading.part);
    sampledAt = began;
    if (groupPeak() === null) {
      const { value: spentMs } = await runInSteps(meter.sample(found.rows, shareBudgetMs));
      shareBudgetMs -= spentMs;
    }
    return openedMs + busyMs;
  }

  let timer = setTimeout(watch, delayMs, delayMs).unref();
  function watch(waited: number): void {
    const schedule = (busyMs: number) => {
      if (!isWatching) return;
      const wait = Math.max(Math.min(waited * 2, intervalMs), busyMs / share);
      timer = setTimeout(watch, wait, wait).unref();
    };
    // Where `ps` looks, there may be no process to be had for it. A rejection that nobody hears would end the supervisor.
    sample().then(schedule, () => schedule(0));
  }

  return {
    known: () => known,
    hasLeftovers: () => hasLeftovers(work, known, mark),
    peakMemory: () => groupPeak() ?? meter.peak(),
    stop() {
      isWatching = false;
      clearTimeout(timer);
    },
  };
}
