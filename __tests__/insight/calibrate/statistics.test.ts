import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collect, comparablePeaks, otherSignatures } from '../../../src/insight/calibrate/collect.ts';
import { confidenceInP90 } from '../../../src/insight/calibrate/confidence.ts';
import { createSketch } from '../../../src/insight/calibrate/sketch.ts';
import { interceptedEvent, type RunEvent } from '../../../src/telemetry/event.ts';
import { sampleEvent } from '../../telemetry/sample.ts';
import { runEvent, stream } from './events.ts';

function sketchOf(values: readonly number[]) {
  const sketch = createSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function nearestRank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

describe('a distribution', () => {
  test('of nothing has no figures', () => {
    const sketch = createSketch();
    expect([sketch.count, sketch.max, sketch.quantile(0.9), sketch.countUpTo(5)]).toEqual([0, null, null, 0]);
  });

  test('is exact while it is small, and within half a percent however large it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 1500 }),
        fc.constantFrom(0.01, 0.5, 0.9, 1),
        (values, share) => {
          const sketch = sketchOf(values);
          const expected = nearestRank(values, share);
          const found = sketch.quantile(share) ?? -1;
          expect(sketch.max).toBe(Math.max(...values));
          if (values.length <= 512) expect(found).toBe(expected);
          else expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * 0.0051);
        },
      ),
    );
  });

  test('keeps a million values in little memory', () => {
    const sketch = sketchOf(Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 100_000));
    expect(sketch.count).toBe(1_000_000);
    expect(sketch.quantile(0.5)).toBeGreaterThan(49_700);
    expect(sketch.quantile(0.5)).toBeLessThan(50_300);
    expect(Math.abs(sketch.countUpTo(50_000) - 500_000)).toBeLessThan(5000);
  });
});

describe('the confidence in a P90', () => {
  test.each([
    [0, 0],
    [1, 0],
    // All values alike lie in the band; the true P90 is beyond them all with 0.9^n, and below them all with 0.1^n.
    [5, 1 - 0.9 ** 5 - 0.1 ** 5],
    [15, 1 - 0.9 ** 15],
    [22, 1 - 0.9 ** 22],
    [1000, 1],
  ])('of %i equal values is %d', (count, expected) => {
    expect(confidenceInP90(sketchOf(Array<number>(count).fill(500)))).toBeCloseTo(expected, 4);
  });

  test('is low where the values are far apart, and grows with their number', () => {
    const wide = (count: number) =>
      sketchOf(Array.from({ length: count }, (_, index) => 100 * 1.5 ** (index % 15)));
    expect(confidenceInP90(wide(15))).toBeLessThan(0.5);
    const spread = (count: number) =>
      sketchOf(Array.from({ length: count }, (_, index) => 500 + ((index * 37) % 500)));
    const confidences = [10, 40, 160, 640].map((count) => confidenceInP90(spread(count)));
    expect(confidences).toEqual([...confidences].sort((a, b) => a - b));
    expect(confidences.at(-1)).toBeGreaterThan(0.999);
  });

  test('is honest: of many samples it covers the true P90 at least as often as it says', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const truth = 1000 + 900;
    let promised = 0;
    let kept = 0;
    const rounds = 2000;
    for (let round = 0; round < rounds; round += 1) {
      const sketch = sketchOf(Array.from({ length: 40 }, () => 1000 + 1000 * random()));
      const seen = sketch.quantile(0.9) ?? 0;
      promised += confidenceInP90(sketch);
      kept += Math.abs(truth - seen) <= 0.15 * seen ? 1 : 0;
    }
    expect(kept / rounds).toBeGreaterThanOrEqual(promised / rounds - 0.02);
  });
});

describe('collecting', () => {
  const jestOf = async (...events: readonly RunEvent[]) => {
    const { classes } = await collect(stream(events));
    const statistics = classes.get('jest');
    if (statistics === undefined) throw new Error('no jest run was counted');
    return statistics;
  };

  test('leaves out what is not governed, and what has no class', async () => {
    const collected = await collect(
      stream([
        runEvent(),
        sampleEvent(),
        runEvent({ governed: false, peak_rss_mb: 9999 }),
        runEvent({ class: null }),
        interceptedEvent({ ...sampleEvent(), outcome: 'blocked', layer: 'text', shell: 'zsh', form: 'npx' }),
      ]),
    );
    expect(collected).toMatchObject({ samples: 1, ungoverned: 3, unclassified: 1 });
    expect([...collected.classes.keys()]).toEqual(['jest']);
    expect(collected.days).toEqual(new Map([['2026-03-01', { runs: 1, overrides: 0 }]]));
  });

  test('takes peaks and times only of runs that came to their end, times only at full speed', async () => {
    const statistics = await jestOf(
      runEvent({ peak_rss_mb: 1, run_ms: 1 }),
      runEvent({ peak_rss_mb: 2, run_ms: 2, throttled_ms: 500 }),
      runEvent({ peak_rss_mb: 4, run_ms: 4, outcome: 'timed-out' }),
      // Somebody asked it to end.
      runEvent({ peak_rss_mb: 5, run_ms: 5, exit_code: 143 }),
      runEvent({ peak_rss_mb: null, run_ms: null, outcome: 'cancelled', queued_ms: 70, wait_reason: 'x' }),
    );
    expect(comparablePeaks(statistics)?.sketch.max).toBe(2);
    expect(statistics.durations.max).toBe(1);
    expect(statistics).toMatchObject({ runs: 5, ended: 3, timedOut: 1, neverStarted: 1, contended: 1 });
  });

  test('counts overrides, and leaves out the figures of a run that nothing shaped', async () => {
    const statistics = await jestOf(
      runEvent({ override_policy_used: true, peak_rss_mb: 3 }),
      runEvent({ override_overload_used: true, peak_rss_mb: 5 }),
    );
    expect(statistics).toMatchObject({ runs: 2, policyOverrides: 1, overloadOverrides: 1 });
    expect(comparablePeaks(statistics)?.sketch.max).toBe(3);
  });

  test('never mixes peaks that were measured in different ways', async () => {
    const statistics = await jestOf(
      runEvent({ peak_rss_source: 'rss', peak_rss_mb: 4000 }),
      runEvent({ peak_rss_source: 'pss', peak_rss_mb: 1000 }),
      runEvent({ peak_rss_source: 'pss', peak_rss_mb: 1100 }),
    );
    expect(comparablePeaks(statistics)).toMatchObject({ source: 'pss', sketch: { count: 2, max: 1100 } });
  });

  test('keeps a bounded number of signatures', async () => {
    const events = Array.from({ length: 300 }, (_, index) =>
      runEvent({ normalized_sig: `jest paths=${index}` }),
    );
    const { signatures } = await collect(stream(events));
    expect(signatures.get('jest')?.size).toBe(51);
    expect(signatures.get('jest')?.get(otherSignatures)?.runs).toBe(250);
  });
});
