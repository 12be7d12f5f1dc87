import type { Settings } from '../settings.ts';
import type { Totals } from './capacity.ts';
import { formatMb, formatSlots } from './figures.ts';

/** What all governed runs that share a queue may take together. Stored with every ticket and lease. */
export interface Capacity {
  readonly memoryBudgetMb: number;
  readonly cpuSlotsTotal: number;
}

/** The capacity that holds for a queue, and what to say when those who share it do not agree. */
export interface SharedCapacity {
  readonly capacity: Capacity;
  /** One sentence; null when all say the same. */
  readonly disagreement: string | null;
}

// In binary 0.7 × 90 is 62.999999999999993: what misses a whole number by rounding alone is that number.
function floorOfProduct(total: number, share: number): number {
  return Math.floor(Number((total * share).toPrecision(12)));
}

/** `floor(total_ram_mb × share)` and `max(1, floor(logical_cpu × share))`: 10 CPUs at 0.70 are 7 slots. */
export function capacityOf(
  totals: Totals,
  settings: Pick<Settings, 'memoryBudgetPct' | 'cpuSlotPct'>,
): Capacity {
  return {
    memoryBudgetMb: floorOfProduct(totals.totalRamMb, settings.memoryBudgetPct),
    cpuSlotsTotal: Math.max(1, floorOfProduct(totals.logicalCpu, settings.cpuSlotPct)),
  };
}

function differing(what: string, values: readonly number[], format: (value: number) => string): string[] {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  return distinct.length < 2 ? [] : [`${what}: ${distinct.map(format).join(', ')}`];
}

/**
 * The capacity of a queue: the least of what this run and all others that hold or wait for a lease say. Runs of one
 * queue may have been given different environments, and each must keep to what the most careful of them was promised.
 */
export function strictest(own: Capacity, others: readonly Capacity[]): SharedCapacity {
  const all = [own, ...others];
  const memory = all.map(({ memoryBudgetMb }) => memoryBudgetMb);
  const slots = all.map(({ cpuSlotsTotal }) => cpuSlotsTotal);
  const differences = [
    ...differing('memory budget', memory, formatMb),
    ...differing('CPU', slots, formatSlots),
  ];
  return {
    capacity: { memoryBudgetMb: Math.min(...memory), cpuSlotsTotal: Math.min(...slots) },
    disagreement:
      differences.length === 0
        ? null
        : `the runs that share this queue were given different budgets (${differences.join('; ')}): the least counts`,
  };
}

/** Reads a capacity from parsed JSON; null when it is not one. */
export function parseCapacity(value: unknown): Capacity | null {
  if (typeof value !== 'object' || value === null) return null;
  const { memoryBudgetMb, cpuSlotsTotal }: Partial<Record<keyof Capacity, unknown>> = value;
  const isWhole = (figure: unknown): figure is number => Number.isSafeInteger(figure) && Number(figure) >= 0;
  return isWhole(memoryBudgetMb) && isWhole(cpuSlotsTotal) && cpuSlotsTotal > 0
    ? { memoryBudgetMb, cpuSlotsTotal }
    : null;
}
