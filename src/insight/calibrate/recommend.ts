import type { Capacity } from '../../admission/budget.ts';
import { seededBudgetsMb } from '../../admission/request.ts';
import type { ClassBudgets } from '../../config.ts';
import type { Intent } from '../../policy/verdict.ts';
import type { MemorySource } from '../../telemetry/event.ts';
import { type Collected, comparablePeaks, type RunStatistics } from './collect.ts';
import { confidenceInP90 } from './confidence.ts';

/** What is recommended for one class. */
export interface ClassRecommendation {
  readonly class: Intent;
  /** The budget in force: the config's, else the built-in seed. */
  readonly currentMb: number;
  /** Null while too few peaks were measured. */
  readonly budgetMb: number | null;
  readonly source: MemorySource | null;
  /** How many peaks the recommendation rests on, and how many were measured in another way and left out. */
  readonly peaks: number;
  readonly otherPeaks: number;
  /** 0 to 1: that the true P90 is within 15 % of the one that was seen. */
  readonly confidence: number;
  /** Slots that a run takes: one for each worker, the P90 of its workers; null when they are not known. */
  readonly slots: number | null;
  /** How many such runs the machine takes side by side. */
  readonly sideBySide: number;
  readonly reason: string;
}

/** All that is recommended. */
export interface Recommendation {
  readonly classes: readonly ClassRecommendation[];
  /** 0 to 1: the confidence of the classes' budgets, weighted by how often each class is run. */
  readonly confidence: number;
  readonly slots: { readonly total: number; readonly reason: string };
  readonly overrides: { readonly thresholdPercent: number; readonly reason: string };
}

/** Fewer peaks than this say nothing; the same number as for a signature's own P90. */
const peaksNeeded = 5;

/** Budgets are given in steps, so that they do not change with every calibration. */
const stepMb = 64;

/** An override rate below this is nothing to look at. */
const leastThresholdPercent = 5;
/** Above this a threshold would only hide that people go around the governor. */
const greatestThresholdPercent = 20;

function roundUp(megabytes: number): number {
  return Math.max(stepMb, Math.ceil(megabytes / stepMb) * stepMb);
}

function recommendClass(
  name: Intent,
  statistics: RunStatistics,
  current: ClassBudgets,
  capacity: Capacity,
): ClassRecommendation {
  const currentMb = current[name] ?? seededBudgetsMb[name];
  const measured = comparablePeaks(statistics);
  const all = [...statistics.peaks.values()].reduce((sum, sketch) => sum + sketch.count, 0);
  const peaks = measured?.sketch.count ?? 0;
  const p90 = measured?.sketch.quantile(0.9) ?? null;
  const budgetMb = p90 === null || peaks < peaksNeeded ? null : roundUp(p90);
  const slots = statistics.workers.quantile(0.9);
  const wholeSlots = slots === null ? null : Math.max(1, Math.round(slots));
  const bySlots = Math.floor(capacity.cpuSlotsTotal / (wholeSlots ?? 1));
  const byMemory = Math.floor(capacity.memoryBudgetMb / (budgetMb ?? currentMb));
  return {
    class: name,
    currentMb,
    budgetMb,
    source: measured?.source ?? null,
    peaks,
    otherPeaks: all - peaks,
    confidence: measured === null ? 0 : confidenceInP90(measured.sketch),
    slots: wholeSlots,
    // One is always admitted when nothing else runs.
    sideBySide: Math.max(1, Math.min(bySlots, byMemory)),
    reason:
      budgetMb === null || p90 === null
        ? `${peaks} measured ${peaks === 1 ? 'peak' : 'peaks'}, and ${peaksNeeded} are needed: the budget stays`
        : `the P90 of ${peaks} peaks is ${Math.round(p90)} MB, rounded up to a multiple of ${stepMb}`,
  };
}

/** The memory that a slot needs, over all classes, weighted by how often each is run. */
function memoryPerSlot(classes: readonly ClassRecommendation[], collected: Collected): number | null {
  let megabytes = 0;
  let runs = 0;
  for (const { class: name, budgetMb, slots } of classes) {
    const count = collected.classes.get(name)?.ended ?? 0;
    if (budgetMb === null || slots === null) continue;
    megabytes += (budgetMb / slots) * count;
    runs += count;
  }
  return runs === 0 ? null : megabytes / runs;
}

function recommendSlots(
  classes: readonly ClassRecommendation[],
  collected: Collected,
  { memoryBudgetMb, cpuSlotsTotal }: Capacity,
): Recommendation['slots'] {
  const each = memoryPerSlot(classes, collected);
  if (each === null) {
    return { total: cpuSlotsTotal, reason: 'no class has both peaks and workers measured: the slots stay' };
  }
  const byMemory = Math.max(1, Math.floor(memoryBudgetMb / each));
  const needs = `a slot needs ${Math.round(each)} MB on average, and the memory budget of ${memoryBudgetMb} MB is enough for ${byMemory}`;
  return byMemory < cpuSlotsTotal
    ? { total: byMemory, reason: `${needs}: memory runs out before the ${cpuSlotsTotal} slots of the CPUs` }
    : { total: cpuSlotsTotal, reason: `${needs}: the CPUs are the limit` };
}

function recommendThreshold({ days }: Collected): Recommendation['overrides'] {
  const rates = [...days.values()]
    .map(({ runs, overrides }) => (100 * overrides) / runs)
    .sort((a, b) => a - b);
  const usual = rates[Math.ceil(0.9 * rates.length) - 1];
  if (usual === undefined)
    return { thresholdPercent: leastThresholdPercent, reason: 'no governed run was seen' };
  const seen = `on nine days of ten at most ${usual.toFixed(1)} % of the governed runs were overrides`;
  const wanted = Math.ceil(usual);
  if (wanted > greatestThresholdPercent) {
    return {
      thresholdPercent: greatestThresholdPercent,
      reason: `${seen}, which is too many to call usual: find out what they are for before the threshold is raised`,
    };
  }
  return wanted < leastThresholdPercent
    ? {
        thresholdPercent: leastThresholdPercent,
        reason: `${seen}; less than ${leastThresholdPercent} % is not worth a look`,
      }
    : { thresholdPercent: wanted, reason: seen };
}

/** What the telemetry recommends. Pure. */
export function recommend(collected: Collected, current: ClassBudgets, capacity: Capacity): Recommendation {
  const classes = [...collected.classes]
    .map(([name, statistics]) => recommendClass(name, statistics, current, capacity))
    .sort((a, b) => b.peaks - a.peaks || a.class.localeCompare(b.class, 'en'));
  const weights = classes.map(({ class: name }) => collected.classes.get(name)?.runs ?? 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weighted = classes.reduce(
    (sum, { confidence, budgetMb }, index) =>
      sum + (budgetMb === null ? 0 : confidence) * (weights[index] ?? 0),
    0,
  );
  return {
    classes,
    confidence: total === 0 ? 0 : weighted / total,
    slots: recommendSlots(classes, collected, capacity),
    overrides: recommendThreshold(collected),
  };
}
