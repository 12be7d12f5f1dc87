import type { Intent } from '../../policy/verdict.ts';
import type { MemorySource, PressureLevel, RunEvent, TelemetryEvent } from '../../telemetry/event.ts';
import { ranToEnd } from '../../telemetry/ran-to-end.ts';
import { createSketch, type Sketch } from './sketch.ts';

/** What governed runs of one class, or of one signature of it, were like. */
export interface RunStatistics {
  /** Governed runs, those included that never started. */
  runs: number;
  /** Runs that ended by themselves. */
  ended: number;
  timedOut: number;
  /** Runs that gave up, or were cancelled, while they waited. */
  neverStarted: number;
  /** Peaks of memory in MB, apart by how they were measured: these figures are not comparable. */
  readonly peaks: Map<MemorySource, Sketch>;
  readonly workers: Sketch;
  /** Milliseconds; not of runs that were slowed or frozen. */
  readonly durations: Sketch;
  /** Milliseconds in the queue and for admission, runs that did not wait included. */
  readonly waits: Sketch;
  /** Runs that had to wait for others or for the machine. */
  contended: number;
  /** The pressure when the run was decided on. */
  readonly pressure: Map<PressureLevel, number>;
  policyOverrides: number;
  overloadOverrides: number;
}

/** One day in UTC. */
export interface DayCounts {
  runs: number;
  overrides: number;
}

/** Everything that a calibration needs of the telemetry, however much there is of it. */
export interface Collected {
  readonly classes: Map<Intent, RunStatistics>;
  /** By class and signature; those that come after the first fifty are under {@link otherSignatures}. */
  readonly signatures: Map<Intent, Map<string, RunStatistics>>;
  readonly days: Map<string, DayCounts>;
  /** Governed runs with at least one measured figure. */
  samples: number;
  /** Events of runs outside the governor, which say nothing about governed ones. */
  ungoverned: number;
  /** Governed runs without a class. */
  unclassified: number;
}

/** More signatures of a class than anybody reads. */
const mostSignatures = 50;

/** The name under which signatures beyond that are put together. */
export const otherSignatures = 'all other signatures';

function newStatistics(): RunStatistics {
  return {
    runs: 0,
    ended: 0,
    timedOut: 0,
    neverStarted: 0,
    peaks: new Map(),
    workers: createSketch(),
    durations: createSketch(),
    waits: createSketch(),
    contended: 0,
    pressure: new Map(),
    policyOverrides: 0,
    overloadOverrides: 0,
  };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function addOutcome(statistics: RunStatistics, event: RunEvent): void {
  switch (event.outcome) {
    case 'ended':
      statistics.ended += 1;
      return;
    case 'timed-out':
      statistics.timedOut += 1;
      return;
    case 'not-started':
    case 'cancelled':
    case 'wait-timed-out':
      statistics.neverStarted += 1;
      return;
    default:
      event.outcome satisfies never;
  }
}

function addRun(statistics: RunStatistics, event: RunEvent): void {
  statistics.runs += 1;
  addOutcome(statistics, event);
  if (event.pressure_level !== null) {
    statistics.pressure.set(event.pressure_level, (statistics.pressure.get(event.pressure_level) ?? 0) + 1);
  }
  if (event.override_policy_used) statistics.policyOverrides += 1;
  if (event.override_overload_used) {
    // It was neither queued nor shaped: its figures say nothing about runs that are.
    statistics.overloadOverrides += 1;
    return;
  }
  if (event.wait_reason !== null) statistics.contended += 1;
  if (event.queued_ms !== null) statistics.waits.add(Math.max(0, event.queued_ms));
  if (event.workers !== null) statistics.workers.add(event.workers);
  // The history that admission keeps takes the same runs: only those that came to their end, and time only of those at full speed.
  if (!ranToEnd(event)) return;
  if (event.peak_rss_mb !== null && event.peak_rss_mb >= 0 && event.peak_rss_source !== null) {
    entry(statistics.peaks, event.peak_rss_source, createSketch).add(event.peak_rss_mb);
  }
  if (event.run_ms !== null && (event.throttled_ms ?? 0) === 0) {
    statistics.durations.add(Math.max(0, event.run_ms));
  }
}

function isSample({ peak_rss_mb, run_ms, queued_ms }: RunEvent): boolean {
  return peak_rss_mb !== null || run_ms !== null || queued_ms !== null;
}

/** Reads all events, in memory that does not grow with their number. */
export async function collect(events: AsyncIterable<TelemetryEvent>): Promise<Collected> {
  const collected: Collected = {
    classes: new Map(),
    signatures: new Map(),
    days: new Map(),
    samples: 0,
    ungoverned: 0,
    unclassified: 0,
  };
  for await (const event of events) {
    // Not a test run at all.
    if (event.event === 'policy') continue;
    if (!event.governed || event.event !== 'run') {
      collected.ungoverned += 1;
      continue;
    }
    if (event.class === null) {
      collected.unclassified += 1;
      continue;
    }
    if (isSample(event)) collected.samples += 1;
    const day = entry(collected.days, event.ts.slice(0, 10), () => ({ runs: 0, overrides: 0 }));
    day.runs += 1;
    if (event.override_policy_used || event.override_overload_used) day.overrides += 1;
    addRun(entry(collected.classes, event.class, newStatistics), event);
    const signatures = entry(collected.signatures, event.class, () => new Map<string, RunStatistics>());
    const signature = event.normalized_sig ?? '(signature unknown)';
    const isKept = signatures.has(signature) || signatures.size < mostSignatures;
    addRun(entry(signatures, isKept ? signature : otherSignatures, newStatistics), event);
  }
  return collected;
}

/** The peaks that count: of the way of measuring that most runs had. Null when nothing was measured. */
export function comparablePeaks({ peaks }: RunStatistics): {
  readonly source: MemorySource;
  readonly sketch: Sketch;
} | null {
  const [first] = [...peaks].sort(([, a], [, b]) => b.count - a.count);
  return first === undefined ? null : { source: first[0], sketch: first[1] };
}
