import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Capacity } from '../../src/admission/budget.ts';
import {
  type Demand,
  decide,
  describeExcess,
  describeReason,
  type Reservation,
  type Snapshot,
} from '../../src/admission/decide.ts';
import type { Machine } from '../../src/admission/machine.ts';
import { criticalFloorMb } from '../../src/admission/pressure/level.ts';
import type { MeasuredSignals } from '../../src/admission/pressure/signals.ts';

const capacity: Capacity = { memoryBudgetMb: 14_280, cpuSlotsTotal: 7 };

const idle: MeasuredSignals = {
  kind: 'measured',
  memoryStall: 0,
  cpuStall: 0,
  ioStall: null,
  availableMb: 20_000,
  totalMb: 23_800,
  systemLevel: null,
};

function machine(
  level: 'normal' | 'warn' | 'critical',
  { average = 1, ...parts }: Partial<MeasuredSignals> & { readonly average?: number } = {},
): Machine {
  return { pressure: { level, signals: { ...idle, ...parts } }, load: { kind: 'measured', average } };
}

const blind: Machine = {
  pressure: {
    level: 'unknown',
    signals: { kind: 'unknown', probe: '/proc/meminfo', reason: 'it cannot be read (EACCES)' },
  },
  load: { kind: 'measured', average: 1 },
};

function run(memoryMb: number, slots: number, measuredMb: number | null = null): Reservation {
  return { memoryMb, slots, measuredMb };
}

function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    request: { memoryMb: 2048, slots: 2 },
    running: [],
    capacity,
    machine: machine('normal'),
    maxLoad: 8,
    ...parts,
  };
}

/** The sentence of a wait, or `admit` with that of what it exceeds. */
function outcome(parts: Partial<Snapshot>): string {
  const decision = decide(snapshot(parts));
  if (decision.kind === 'wait') return describeReason(decision.reason);
  return decision.exceeds === null ? 'admit' : `admit, ${describeExcess(decision.exceeds)}`;
}

const alone = 'it starts all the same, because nothing else runs';

describe('the head of the queue', () => {
  test.each<[string, Partial<Snapshot>, string]>([
    ['on an idle machine', {}, 'admit'],
    ['beside runs that leave it room', { running: [run(2048, 2), run(2048, 2)] }, 'admit'],
    ['that takes the last slot', { running: [run(1, 5)] }, 'admit'],
    [
      'that takes the last megabyte',
      { running: [run(12_232, 1)], machine: machine('normal', { availableMb: 23_800 }) },
      'admit',
    ],
    [
      'that needs one megabyte more than is left',
      { running: [run(12_233, 1)] },
      'memory: needs 2,048 MB, 2,047 MB of 14,280 MB free in the budget',
    ],
    [
      'beside a run that used more than it asked for',
      { running: [run(2048, 1, 12_969.2)] },
      'memory: needs 2,048 MB, 1,310 MB of 14,280 MB free in the budget',
    ],
    [
      'beside a just-started run that has hardly used anything yet',
      { running: [run(12_970, 1, 30)] },
      'memory: needs 2,048 MB, 1,310 MB of 14,280 MB free in the budget',
    ],
    [
      'where runs have outgrown the whole budget',
      { running: [run(2048, 1, 20_000)] },
      'memory: needs 2,048 MB, 0 MB of 14,280 MB free in the budget',
    ],
    ['that needs a slot more than is left', { running: [run(1, 6)] }, 'cpu: needs 2 slots, 1 of 7 free'],
    [
      'that needs one slot where there is none',
      { request: { memoryMb: 1, slots: 1 }, running: [run(1, 9)] },
      'cpu: needs 1 slot, 0 of 7 free',
    ],
    ['under warning', { running: [run(1, 1)], machine: machine('warn') }, 'admit'],
    [
      'where others have taken the memory that the budget counts on',
      { running: [run(1000, 1, 1000)], machine: machine('warn', { availableMb: 4000 }) },
      'memory: needs 2,048 MB, the machine can spare 1,952 MB of the 4,000 MB that are available',
    ],
    [
      'where a just-started run will still take what is available',
      { running: [run(3000, 1, 100)], machine: machine('normal', { availableMb: 6000 }) },
      'memory: needs 2,048 MB, the machine can spare 1,052 MB of the 6,000 MB that are available',
    ],
    [
      'where little is available and the system says that this is normal',
      { running: [run(1, 1)], machine: machine('normal', { availableMb: 100, systemLevel: 'normal' }) },
      'admit',
    ],
    [
      'under critical pressure',
      { machine: machine('critical', { memoryStall: 31.2, availableMb: 1204 }) },
      'pressure: critical (memory stalls 31.2 %, 1,204 MB of 23,800 MB available)',
    ],
    [
      'of a machine that cannot be looked at',
      { machine: blind },
      'pressure: unknown (the probe /proc/meminfo failed: it cannot be read (EACCES))',
    ],
    ['at exactly MAX_LOAD', { machine: machine('normal', { average: 8 }) }, 'admit'],
    ['above MAX_LOAD', { machine: machine('normal', { average: 12.3 }) }, 'load: 12.3 is above MAX_LOAD 8'],
    [
      'a hair above MAX_LOAD',
      { machine: machine('normal', { average: 8.01 }) },
      'load: 8.01 is above MAX_LOAD 8',
    ],
    [
      'above any load when load checks are off',
      { machine: machine('normal', { average: 99 }), maxLoad: null },
      'admit',
    ],
    [
      'where the load cannot be read',
      {
        machine: {
          ...machine('normal'),
          load: { kind: 'unknown', probe: '/proc/loadavg', reason: 'it cannot be read' },
        },
      },
      'pressure: unknown (the probe /proc/loadavg failed: it cannot be read)',
    ],
    [
      'larger than the budget, alone',
      { request: { memoryMb: 20_000, slots: 1 } },
      `admit, memory: needs 20,000 MB, 14,280 MB of 14,280 MB free in the budget; ${alone}`,
    ],
    [
      'with more workers than slots, alone',
      { request: { memoryMb: 1, slots: 16 } },
      `admit, cpu: needs 16 slots, 7 of 7 free; ${alone}`,
    ],
    [
      'larger than what the machine can spare, alone',
      { machine: machine('warn', { availableMb: 3000 }) },
      `admit, memory: needs 2,048 MB, the machine can spare 952 MB of the 3,000 MB that are available; ${alone}`,
    ],
    [
      'larger than the budget, beside the smallest run',
      { request: { memoryMb: 20_000, slots: 1 }, running: [run(1, 1)] },
      'memory: needs 20,000 MB, 14,279 MB of 14,280 MB free in the budget',
    ],
    [
      'larger than the budget, alone, under critical pressure',
      { request: { memoryMb: 20_000, slots: 1 }, machine: machine('critical') },
      'pressure: critical (memory stalls 0 %, 20,000 MB of 23,800 MB available)',
    ],
    ['alone above MAX_LOAD', { machine: machine('normal', { average: 9 }) }, 'load: 9 is above MAX_LOAD 8'],
  ])('%s', (_, parts, expected) => {
    expect(outcome(parts)).toBe(expected);
  });

  test('hears a reason that can be stored as it is', () => {
    const decision = decide(snapshot({ running: [run(12_970, 1)] }));
    expect(JSON.parse(JSON.stringify(decision))).toEqual({
      kind: 'wait',
      reason: { kind: 'memory', needsMb: 2048, freeMb: 1310, budgetMb: 14_280 },
    });
  });
});

describe('whatever comes', () => {
  const demand: fc.Arbitrary<Demand> = fc.record({
    memoryMb: fc.integer({ min: 1, max: 20_000 }),
    slots: fc.integer({ min: 1, max: 20 }),
  });
  const reservation: fc.Arbitrary<Reservation> = fc.record({
    memoryMb: fc.integer({ min: 1, max: 5000 }),
    slots: fc.integer({ min: 1, max: 4 }),
    measuredMb: fc.option(fc.double({ min: 0, max: 8000, noNaN: true })),
  });
  const anyMachine = fc
    .record({
      level: fc.constantFrom('normal', 'warn', 'critical'),
      availableMb: fc.integer({ min: 0, max: 32_000 }),
      average: fc.double({ min: 0, max: 20, noNaN: true }),
      isBlind: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    })
    .map(({ level, availableMb, average, isBlind }) =>
      isBlind ? blind : machine(level, { availableMb, average, totalMb: 32_000 }),
    );
  const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
    request: demand,
    running: fc.array(reservation, { maxLength: 6 }),
    capacity: fc.record({
      memoryBudgetMb: fc.integer({ min: 0, max: 30_000 }),
      cpuSlotsTotal: fc.integer({ min: 1, max: 16 }),
    }),
    machine: anyMachine,
    maxLoad: fc.option(fc.integer({ min: 0, max: 20 })),
  });
  const taken = (runs: readonly Reservation[]) =>
    runs.reduce((total, { memoryMb, measuredMb }) => total + Math.max(memoryMb, measuredMb ?? 0), 0);

  test('beside other runs no budget is ever exceeded, and the machine really has the memory', () => {
    fc.assert(
      fc.property(anySnapshot, (given) => {
        fc.pre(given.running.length > 0 && decide(given).kind === 'admit');
        const { request, running } = given;
        expect(taken(running) + request.memoryMb).toBeLessThanOrEqual(given.capacity.memoryBudgetMb);
        expect(running.reduce((total, { slots }) => total + slots, 0) + request.slots).toBeLessThanOrEqual(
          given.capacity.cpuSlotsTotal,
        );
        const { signals } = given.machine.pressure;
        if (signals.kind !== 'measured') throw new Error('admitted blindly');
        expect(request.memoryMb).toBeLessThanOrEqual(signals.availableMb - criticalFloorMb(signals.totalMb));
      }),
      { numRuns: 300 },
    );
  });

  test('nothing starts under critical pressure, blindly or above MAX_LOAD', () => {
    fc.assert(
      fc.property(anySnapshot, (given) => {
        fc.pre(decide(given).kind === 'admit');
        const { pressure, load } = given.machine;
        expect(['normal', 'warn']).toContain(pressure.level);
        expect(given.maxLoad === null || (load.kind === 'measured' && load.average <= given.maxLoad)).toBe(
          true,
        );
      }),
      { numRuns: 200 },
    );
  });

  test('a run that is alone on a machine that is fit always starts', () => {
    fc.assert(
      fc.property(anySnapshot, fc.constantFrom('normal', 'warn'), (given, level) => {
        expect(decide({ ...given, running: [], machine: machine(level, { average: 0 }) }).kind).toBe('admit');
      }),
    );
  });

  test('a smaller request, a run less, more capacity or a lower load never turns an admission into a wait', () => {
    fc.assert(
      fc.property(anySnapshot, fc.nat(3000), (given, much) => {
        fc.pre(decide(given).kind === 'admit');
        const { request, running } = given;
        const easier: Partial<Snapshot>[] = [
          { request: { memoryMb: Math.max(1, request.memoryMb - much), slots: request.slots } },
          { request: { memoryMb: request.memoryMb, slots: 1 } },
          { running: running.slice(1) },
          {
            capacity: {
              memoryBudgetMb: given.capacity.memoryBudgetMb + much,
              cpuSlotsTotal: given.capacity.cpuSlotsTotal + much,
            },
          },
          { machine: { ...given.machine, load: { kind: 'measured', average: 0 } } },
          { maxLoad: null },
        ];
        for (const parts of easier) expect(decide({ ...given, ...parts }).kind).toBe('admit');
      }),
      { numRuns: 200 },
    );
  });

  test('every wait has one sentence without a line break', () => {
    fc.assert(
      fc.property(anySnapshot, (given) => {
        const decision = decide(given);
        fc.pre(decision.kind === 'wait');
        expect(describeReason(decision.reason)).toMatch(/^(memory|cpu|pressure|load): [^\n]+$/);
      }),
    );
  });
});
