import type { Capacity } from './budget.ts';
import { formatMb, formatSlots, formatWhole } from './figures.ts';
import type { Load } from './load.ts';
import type { Machine } from './machine.ts';
import { criticalFloorMb, describeSignals } from './pressure/level.ts';
import type { MeasuredSignals } from './pressure/signals.ts';

/** What a run asks for. */
export interface Demand {
  /** Whole megabytes that it is expected to take at its peak. */
  readonly memoryMb: number;
  /** CPU slots: one for each worker. */
  readonly slots: number;
}

/** A run that holds a lease: what it asked for, and the most that it was seen to take. */
export interface Reservation extends Demand {
  /** The most megabytes that its whole process tree was seen to have; null while nobody has measured it. */
  readonly measuredMb: number | null;
}

/** All that a decision depends on. */
export interface Snapshot {
  readonly request: Demand;
  /** The runs that hold a lease, whatever they do at this moment. */
  readonly running: readonly Reservation[];
  readonly capacity: Capacity;
  readonly machine: Machine;
  /** The load average above which nothing starts; null when load checks are off. */
  readonly maxLoad: number | null;
}

/** Why a run has to wait, with the figures that it was decided on. Plain data: it is stored and sent. */
export type WaitReason =
  /** A probe failed: nobody knows whether there is room. */
  | { readonly kind: 'unknown'; readonly probe: string; readonly detail: string }
  | { readonly kind: 'pressure'; readonly detail: string }
  | { readonly kind: 'load'; readonly average: number; readonly maxLoad: number }
  /** The budget for all governed runs has too little left. */
  | {
      readonly kind: 'memory';
      readonly needsMb: number;
      readonly freeMb: number;
      readonly budgetMb: number;
    }
  | {
      readonly kind: 'cpu';
      readonly needsSlots: number;
      readonly freeSlots: number;
      readonly totalSlots: number;
    }
  /** The budget has room, but others than governed runs have taken the memory. */
  | {
      readonly kind: 'available';
      readonly needsMb: number;
      readonly spareMb: number;
      readonly availableMb: number;
    };

/** Whether the head of the queue may start. */
export type Decision =
  /** What it exceeds when it is larger than what there is and starts because nothing else runs; null when it fits. */
  | { readonly kind: 'admit'; readonly exceeds: WaitReason | null }
  | { readonly kind: 'wait'; readonly reason: WaitReason };

/** One sentence with exact figures: `memory: needs 2,048 MB, 1,310 MB of 14,280 MB free in the budget`. Not escaped. */
export function describeReason(reason: WaitReason): string {
  switch (reason.kind) {
    case 'unknown':
      return `pressure: unknown (the probe ${reason.probe} failed: ${reason.detail})`;
    case 'pressure':
      return `pressure: critical (${reason.detail})`;
    case 'load':
      return `load: ${reason.average} is above MAX_LOAD ${reason.maxLoad}`;
    case 'memory':
      return `memory: needs ${formatMb(reason.needsMb)}, ${formatMb(reason.freeMb)} of ${formatMb(reason.budgetMb)} free in the budget`;
    case 'cpu':
      return `cpu: needs ${formatSlots(reason.needsSlots)}, ${formatWhole(reason.freeSlots)} of ${formatWhole(reason.totalSlots)} free`;
    case 'available':
      return `memory: needs ${formatMb(reason.needsMb)}, the machine can spare ${formatMb(reason.spareMb)} of the ${formatMb(reason.availableMb)} that are available`;
    default:
      return reason satisfies never;
  }
}

/** The sentence for a run that starts although it exceeds what there is. Not escaped. */
export function describeExcess(exceeds: WaitReason): string {
  return `${describeReason(exceeds)}; it starts all the same, because nothing else runs`;
}

/** Why the load forbids a start; null when it does not, or when load checks are off (`maxLoad` null). */
export function loadObstacle(load: Load, maxLoad: number | null): WaitReason | null {
  if (maxLoad === null) return null;
  if (load.kind === 'unknown') return { kind: 'unknown', probe: load.probe, detail: load.reason };
  return load.average > maxLoad ? { kind: 'load', average: load.average, maxLoad } : null;
}

/** Why nothing at all may start now, whatever it needs; null when the machine is fit. */
function unfitness({ machine: { pressure, load }, maxLoad }: Snapshot): WaitReason | null {
  if (pressure.level === 'unknown') {
    return { kind: 'unknown', probe: pressure.signals.probe, detail: pressure.signals.reason };
  }
  if (pressure.level === 'critical') return { kind: 'pressure', detail: describeSignals(pressure.signals) };
  return loadObstacle(load, maxLoad);
}

/** A just-started run counts with what it reserved until it has grown beyond that. */
function committedMb({ memoryMb, measuredMb }: Reservation): number {
  return Math.max(memoryMb, Math.ceil(measuredMb ?? 0));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

/** Memory that could be given away now: without what runs have reserved and not taken yet, and without the critical floor. */
function spareMb(signals: MeasuredSignals, running: readonly Reservation[]): number {
  const owed = sum(running.map((run) => committedMb(run) - Math.ceil(run.measuredMb ?? 0)));
  return Math.max(0, signals.availableMb - criticalFloorMb(signals.totalMb) - owed);
}

/** Why the request does not fit beside what runs, by the budget alone; null when it does. */
export function ledgerObstacle({
  request,
  running,
  capacity,
}: Pick<Snapshot, 'request' | 'running' | 'capacity'>): WaitReason | null {
  const { memoryBudgetMb, cpuSlotsTotal } = capacity;
  const freeMb = Math.max(0, memoryBudgetMb - sum(running.map(committedMb)));
  if (request.memoryMb > freeMb) {
    return { kind: 'memory', needsMb: request.memoryMb, freeMb, budgetMb: memoryBudgetMb };
  }
  const freeSlots = Math.max(0, cpuSlotsTotal - sum(running.map(({ slots }) => slots)));
  if (request.slots > freeSlots) {
    return { kind: 'cpu', needsSlots: request.slots, freeSlots, totalSlots: cpuSlotsTotal };
  }
  return null;
}

/** The first gate that the request does not pass; null when it fits. */
function obstacle(snapshot: Snapshot): WaitReason | null {
  const reason = ledgerObstacle(snapshot);
  if (reason !== null) return reason;
  const { request, running, machine } = snapshot;
  const { signals } = machine.pressure;
  // A system that judges by itself compresses and swaps before it runs out: its count of bytes is no limit.
  if (signals.kind === 'unknown' || signals.systemLevel !== null) return null;
  const spare = spareMb(signals, running);
  return request.memoryMb > spare
    ? { kind: 'available', needsMb: request.memoryMb, spareMb: spare, availableMb: signals.availableMb }
    : null;
}

/**
 * Decides whether the head of the queue may start. Pure.
 *
 * Budget and probe are two gates and are not mixed: the budget is what governed runs may take together
 * (`max(reserved, used) + request ≤ budget`, run by run), the probe is whether the machine really has it. A run that
 * does not fit is admitted all the same when nothing governed runs, or it would wait for ever; but not on a machine
 * that is critical, overloaded or cannot be looked at: there the wait ends with the caller's time limit.
 */
export function decide(snapshot: Snapshot): Decision {
  const unfit = unfitness(snapshot);
  if (unfit !== null) return { kind: 'wait', reason: unfit };
  const reason = obstacle(snapshot);
  if (reason === null) return { kind: 'admit', exceeds: null };
  if (snapshot.running.length > 0) return { kind: 'wait', reason };
  return { kind: 'admit', exceeds: reason };
}
