import { lookAtMachine } from '../../admission/machine.ts';
import { monotonicMs } from '../../clock.ts';
import { openProcessTable } from '../../process-table.ts';
import type { HeldLease } from '../../queue/hold.ts';
import { type SeenLease, seeLeases } from '../../queue/line.ts';
import { createPatience } from '../../queue/standing.ts';
import { isScriptPlace, type ThrottleState } from '../../queue/ticket.ts';
import type { PressureLevel } from '../../telemetry/event.ts';
import { findWork } from '../process-tree/find.ts';
import { type FreezeReport, freezeWork, thawWork } from '../process-tree/freeze.ts';
import type { RunProcess, Work } from '../process-tree/work.ts';
import type { RunClock } from '../run-clock.ts';
import {
  nextStep,
  noThrottleMemory,
  remember,
  type Strain,
  type ThrottledRun,
  type ThrottleMemory,
  type ThrottleStep,
} from './decide.ts';
import { type Guardian, guardFrozen } from './guardian.ts';
import { type Lowered, lowerPriority, restorePriority } from './priority.ts';
import { createRunnableAverage } from './runnable.ts';

/** What is throttled, and who hears of it. */
export interface ThrottledWork {
  readonly directory: string;
  readonly held: HeldLease;
  readonly clock: RunClock;
  readonly work: () => Work;
  readonly known: () => readonly RunProcess[];
  /** The user's `MAX_LOAD`; null when load checks are off. */
  readonly maxLoad: number | null;
  /** Prints one line on standard error. */
  readonly say: (line: string) => void;
}

/** Watches the machine while a run runs, and holds the run back when it has to. */
export interface Throttle {
  /** Milliseconds for which the run was slowed or frozen so far. */
  throttledMs(): number;
  /** The run stands still. */
  isFrozen(): boolean;
  /** Lets the run go on and ends the watching. May be called twice. */
  stop(): void;
}

/** Between two looks, in milliseconds. */
const lookMs = 500;

const sentences: Readonly<Record<Exclude<ThrottleStep, 'keep'>, (why: string) => string>> = {
  slow: (why) => `the machine is under strain (${why}): this run goes on with lower priority`,
  freeze: (why) =>
    `the machine is under strain (${why}): this run stands still until it has recovered; its time limit does, too`,
  thaw: () => 'this run goes on',
  restore: () => 'the machine has recovered: this run has its full priority again',
};

/** What a lease says of a run that holds itself back; null for whatever cannot: the others would wait for its steps. */
function throttledRun(seen: SeenLease): ThrottledRun | null {
  const { kind, lease } = seen;
  if (kind === 'abandoned' || seen.stopped || lease === null || lease.uncounted !== null) return null;
  const { id, throttle: state } = lease;
  return state === 'exempt' || isScriptPlace(lease) ? null : { id, state };
}

/** The runs of a queue that hold themselves back, with how far they do. */
function runsOf(directory: string): readonly ThrottledRun[] {
  const observer = { directory, table: openProcessTable(), patience: createPatience() };
  return seeLeases(observer)
    .map(throttledRun)
    .filter((run) => run !== null);
}

/** Begins to watch. Its timer keeps nothing alive; each look takes about a millisecond. */
export function startThrottle(subject: ThrottledWork): Throttle {
  const { directory, held, clock, maxLoad } = subject;
  const runnable = createRunnableAverage();
  let level: PressureLevel | null = null;
  let memory: ThrottleMemory = noThrottleMemory;
  let state: ThrottleState = 'none';
  let lookedAt = monotonicMs();
  let throttledMs = 0;
  let lowered: readonly Lowered[] = [];
  // Without a report as long as the run is being frozen: then whatever stands still of it goes on.
  let frozen: { readonly report?: FreezeReport; readonly guardian?: Guardian } | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function look(): { readonly strain: Strain; readonly why: string } {
    const { pressure } = lookAtMachine(level);
    level = pressure.level;
    const load = maxLoad === null ? null : runnable.look();
    const isCritical = pressure.level === 'critical';
    const why = isCritical
      ? 'memory pressure is critical'
      : `load ${load?.toFixed(1) ?? '?'}, MAX_LOAD is ${maxLoad ?? '?'}`;
    return { strain: { isCritical, load, maxLoad: maxLoad ?? Number.POSITIVE_INFINITY }, why };
  }

  function setState(next: ThrottleState): void {
    state = next;
    held.update({ throttle: next });
  }

  function thaw(): void {
    if (frozen === null) return;
    thawWork(subject.work(), subject.known(), frozen.report);
    frozen.guardian?.dismiss();
    frozen = null;
    clock.resume();
  }

  async function take(step: Exclude<ThrottleStep, 'keep'>, why: string): Promise<void> {
    switch (step) {
      case 'slow':
        lowered = lowerPriority(findWork(subject.work(), subject.known()));
        setState('slowed');
        break;
      case 'freeze': {
        // Published first: a frozen run is not to look like a hung one for a moment.
        setState('frozen');
        clock.pause();
        frozen = {};
        const report = await freezeWork(subject.work(), subject.known());
        frozen = { report, guardian: guardFrozen(report) };
        if (!isStopped) break;
        thaw();
        return;
      }
      case 'thaw':
        thaw();
        setState('slowed');
        break;
      case 'restore':
        restorePriority(lowered);
        lowered = [];
        setState('none');
        break;
      default:
        return step satisfies never;
    }
    subject.say(`test-governor: ${sentences[step](why)}.`);
  }

  async function watch(): Promise<void> {
    const now = monotonicMs();
    const elapsedMs = now - lookedAt;
    lookedAt = now;
    if (state !== 'none') throttledMs += elapsedMs;
    const { strain, why } = look();
    const runs = runsOf(directory);
    memory = remember(memory, strain, runs, elapsedMs);
    const step = nextStep(held.lease.id, runs, memory);
    if (step !== 'keep') await take(step, why);
    if (!isStopped) schedule();
  }

  function schedule(): void {
    timer = setTimeout(() => {
      watch().catch((error: unknown) => {
        // A run is never the worse for not being throttled.
        thaw();
        restorePriority(lowered);
        lowered = [];
        setState('exempt');
        subject.say(`test-governor: this run is no longer throttled (${String(error)}).`);
      });
    }, lookMs);
    timer.unref();
  }

  schedule();
  return {
    throttledMs: () => throttledMs,
    isFrozen: () => frozen !== null,
    stop() {
      if (isStopped) return;
      isStopped = true;
      clearTimeout(timer);
      thaw();
      // It takes no more steps. Left as it was, the others would wait for its next one, and nobody new would start, until it has ended.
      if (state === 'slowed' || state === 'frozen') setState('exempt');
    },
  };
}
