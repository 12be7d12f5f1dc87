import type { Collected } from './collect.ts';
import type { Recommendation } from './recommend.ts';

/** A condition under which the telemetry is enough to set budgets by. */
export interface Gate {
  readonly name: string;
  /** What was asked for, and what there is. */
  readonly needed: string;
  readonly found: string;
  readonly isMet: boolean;
}

const needed = { runs: 20, classes: 3, days: 7, samples: 100, contended: 5, confidencePercent: 80 } as const;

function sum(collected: Collected, of: 'runs' | 'contended' | 'neverStarted'): number {
  return [...collected.classes.values()].reduce((total, statistics) => total + statistics[of], 0);
}

/** Every gate with its figure; those that are not met first. */
export function judgeGates(collected: Collected, recommendation: Recommendation): readonly Gate[] {
  const runs = sum(collected, 'runs') - sum(collected, 'neverStarted');
  const classes = collected.classes.size;
  const days = collected.days.size;
  const contended = sum(collected, 'contended');
  const percent = Math.floor(recommendation.confidence * 1000) / 10;
  const gates: readonly Gate[] = [
    {
      name: 'governed runs',
      needed: `at least ${needed.runs}, over at least ${needed.classes} classes`,
      found: `${runs} over ${classes}`,
      isMet: runs >= needed.runs && classes >= needed.classes,
    },
    {
      name: 'calendar days (UTC) with governed runs',
      needed: `at least ${needed.days}`,
      found: String(days),
      isMet: days >= needed.days,
    },
    {
      name: 'samples: governed runs with a measured figure',
      needed: `at least ${needed.samples}`,
      found: String(collected.samples),
      isMet: collected.samples >= needed.samples,
    },
    {
      name: 'runs that waited because of contention',
      needed: `at least ${needed.contended}`,
      found: String(contended),
      isMet: contended >= needed.contended,
    },
    {
      name: 'confidence in the recommended budgets',
      needed: `at least ${needed.confidencePercent} %`,
      found: `${percent} %`,
      isMet: percent >= needed.confidencePercent,
    },
  ];
  return [...gates.filter(({ isMet }) => !isMet), ...gates.filter(({ isMet }) => isMet)];
}
