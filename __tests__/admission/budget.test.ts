import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Capacity, capacityOf, parseCapacity, strictest } from '../../src/admission/budget.ts';
import { defaultSettings } from '../../src/settings.ts';

describe('the budgets', () => {
  test.each([
    [10, 7],
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [8, 5],
    [90, 63],
    [128, 89],
  ])('of %i CPUs are %i slots by default', (logicalCpu, slots) => {
    expect(capacityOf({ totalRamMb: 1000, logicalCpu }, defaultSettings).cpuSlotsTotal).toBe(slots);
  });

  test.each([
    [24_105, 14_463],
    [16_384, 9830],
    [1, 0],
    [35, 21],
  ])('of %i MB are %i MB by default', (totalRamMb, budget) => {
    expect(capacityOf({ totalRamMb, logicalCpu: 1 }, defaultSettings).memoryBudgetMb).toBe(budget);
  });

  test('are never more than the machine, and always at least one slot', () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1024 }),
        share,
        share,
        (totalRamMb, logicalCpu, memoryBudgetPct, cpuSlotPct) => {
          const capacity = capacityOf({ totalRamMb, logicalCpu }, { memoryBudgetPct, cpuSlotPct });
          expect(capacity.memoryBudgetMb).toBeLessThanOrEqual(totalRamMb);
          expect(capacity.cpuSlotsTotal).toBeLessThanOrEqual(logicalCpu);
          expect(capacity.cpuSlotsTotal).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});

const own: Capacity = { memoryBudgetMb: 14_280, cpuSlotsTotal: 7 };

describe('a capacity that is shared', () => {
  test('is said by nobody when all agree', () => {
    expect(strictest(own, [])).toEqual({ capacity: own, disagreement: null });
    expect(strictest(own, [own, { ...own }])).toEqual({ capacity: own, disagreement: null });
  });

  test('is the least of each figure, and the disagreement is a sentence with all of them', () => {
    const others = [
      { memoryBudgetMb: 10_000, cpuSlotsTotal: 7 },
      { memoryBudgetMb: 20_000, cpuSlotsTotal: 1 },
    ];
    expect(strictest(own, others)).toEqual({
      capacity: { memoryBudgetMb: 10_000, cpuSlotsTotal: 1 },
      disagreement:
        'the runs that share this queue were given different budgets (memory budget: 10,000 MB, 14,280 MB, 20,000 MB; CPU: 1 slot, 7 slots): the least counts',
    });
  });

  test('is the same for everybody, whoever asks first', () => {
    const capacity = fc.record({ memoryBudgetMb: fc.nat(), cpuSlotsTotal: fc.integer({ min: 1, max: 99 }) });
    fc.assert(
      fc.property(capacity, fc.array(capacity), (first, rest) => {
        const [last = first, ...others] = [...rest].reverse();
        expect(strictest(last, rest.length === 0 ? [] : [...others, first])).toEqual(strictest(first, rest));
      }),
    );
  });
});

describe('a stored capacity', () => {
  test('is read back', () => {
    expect(parseCapacity(JSON.parse(JSON.stringify(own)))).toEqual(own);
  });

  test.each([
    null,
    [],
    'x',
    {},
    { memoryBudgetMb: 1 },
    { memoryBudgetMb: -1, cpuSlotsTotal: 1 },
    { memoryBudgetMb: 1, cpuSlotsTotal: 0 },
    { memoryBudgetMb: 1.5, cpuSlotsTotal: 1 },
    { memoryBudgetMb: '1', cpuSlotsTotal: 1 },
  ])('that is %j is none', (value) => {
    expect(parseCapacity(value)).toBeNull();
  });
});
