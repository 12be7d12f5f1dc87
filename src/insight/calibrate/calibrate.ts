import type { Capacity } from '../../admission/budget.ts';
import type { ClassBudgets } from '../../config.ts';
import { type ReadCounts, readEvents } from '../../telemetry/read.ts';
import { type Collected, collect, comparablePeaks } from './collect.ts';
import { type Gate, judgeGates } from './gates.ts';
import { plotPeaks } from './plot.ts';
import { type Recommendation, recommend } from './recommend.ts';

/** What the telemetry of a state directory says about budgets. */
export interface Calibration {
  readonly collected: Collected;
  readonly counts: ReadCounts;
  readonly recommendation: Recommendation;
  /** Those that are not met stand first. */
  readonly gates: readonly Gate[];
}

/**
 * Calibrates budgets by the telemetry in a state directory, in memory that does not grow with it. Never throws for what is, or
 * is not, in the files.
 */
export async function calibrate(
  stateDirectory: string,
  current: ClassBudgets,
  capacity: Capacity,
): Promise<Calibration> {
  const { events, counts } = readEvents(stateDirectory);
  const collected = await collect(events);
  const recommendation = recommend(collected, current, capacity);
  return { collected, counts, recommendation, gates: judgeGates(collected, recommendation) };
}

/** The budgets to write into the config: of the classes for which there is a recommendation. */
export function recommendedBudgets({ recommendation }: Calibration): ClassBudgets {
  return Object.fromEntries(
    recommendation.classes.flatMap(({ class: name, budgetMb }) =>
      budgetMb === null ? [] : [[name, budgetMb]],
    ),
  );
}

/** The plot of peaks against budgets, as an SVG document. */
export function plotOf({ collected, recommendation }: Calibration): string {
  return plotPeaks(
    recommendation.classes.map((entry) => {
      const statistics = collected.classes.get(entry.class);
      const peaks = statistics === undefined ? null : (comparablePeaks(statistics)?.sketch ?? null);
      return { recommendation: entry, peaks };
    }),
  );
}
