import { describe, expect, test } from '@jest/globals';
import { type Calibration, plotOf, recommendedBudgets } from '../../../src/insight/calibrate/calibrate.ts';
import { collect } from '../../../src/insight/calibrate/collect.ts';
import { withClassBudgets } from '../../../src/insight/calibrate/config-text.ts';
import { judgeGates } from '../../../src/insight/calibrate/gates.ts';
import { recommend } from '../../../src/insight/calibrate/recommend.ts';
import { reportAsMarkdown } from '../../../src/insight/calibrate/report.ts';
import type { RunEvent } from '../../../src/telemetry/event.ts';
import { enoughRuns, runEvent, stream } from './events.ts';

const capacity = { memoryBudgetMb: 8000, cpuSlotsTotal: 7 };

async function calibrationOf(events: readonly RunEvent[]): Promise<Calibration> {
  const collected = await collect(stream(events));
  const recommendation = recommend(collected, { jest: 3000 }, capacity);
  const counts = { files: 1, unreadable: 0, events: events.length, torn: 3, foreign: 4 };
  return { collected, counts, recommendation, gates: judgeGates(collected, recommendation) };
}

const details = { madeAt: new Date('2026-03-09T10:00:00Z'), waiver: null, plot: 'plot.svg' };

describe('recommendations', () => {
  test('are the P90 of each class, rounded up, and nothing where too little was measured', async () => {
    const events = [...enoughRuns(), ...Array<RunEvent>(4).fill(runEvent({ class: 'turbo', workers: 4 }))];
    const calibration = await calibrationOf(events);
    expect(recommendedBudgets(calibration)).toEqual({ jest: 1024, vitest: 640, pytest: 256 });
    expect(calibration.recommendation.classes).toEqual([
      expect.objectContaining({ class: 'jest', currentMb: 3000, budgetMb: 1024, slots: 2, sideBySide: 3 }),
      expect.objectContaining({ class: 'pytest', currentMb: 1024, budgetMb: 256, slots: 1, sideBySide: 7 }),
      expect.objectContaining({ class: 'vitest', currentMb: 2048, budgetMb: 640 }),
      expect.objectContaining({ class: 'turbo', currentMb: 4096, budgetMb: null, sideBySide: 1 }),
    ]);
    expect(calibration.recommendation.classes[3]?.reason).toContain('4 measured peaks, and 5 are needed');
  });

  test('have fewer slots where memory runs out before the CPUs', async () => {
    const heavy = await calibrationOf(Array<RunEvent>(30).fill(runEvent({ peak_rss_mb: 4000, workers: 2 })));
    expect(heavy.recommendation.slots).toMatchObject({
      total: 3,
      reason: expect.stringContaining('memory runs out'),
    });
    const light = await calibrationOf(Array<RunEvent>(30).fill(runEvent({ peak_rss_mb: 100 })));
    expect(light.recommendation.slots).toMatchObject({
      total: 7,
      reason: expect.stringContaining('the CPUs are'),
    });
  });

  test.each([
    [0, 5, 'not worth a look'],
    [12, 12, 'at most 12.0 %'],
    [60, 20, 'too many to call usual'],
  ])(
    'of a threshold, with %i overrides in a hundred runs, are %i percent',
    async (overrides, percent, reason) => {
      const events = Array.from({ length: 100 }, (_, index) =>
        runEvent({ override_policy_used: index < overrides }),
      );
      const { recommendation } = await calibrationOf(events);
      expect(recommendation.overrides).toMatchObject({
        thresholdPercent: percent,
        reason: expect.stringContaining(reason),
      });
    },
  );
});

describe('the gates', () => {
  const unmet = async (events: readonly RunEvent[]) =>
    (await calibrationOf(events)).gates
      .filter(({ isMet }) => !isMet)
      .map(({ name }) => name.split(/[ :]/)[0]);

  test('are all met by enough runs', async () => {
    const { gates } = await calibrationOf(enoughRuns());
    expect(gates.map(({ found, isMet }) => [found, isMet])).toEqual([
      ['120 over 3', true],
      ['8', true],
      ['120', true],
      ['6', true],
      [expect.stringMatching(/^9\d(\.\d)? %$/), true],
    ]);
  });

  test.each<[string, (events: readonly RunEvent[]) => readonly RunEvent[], readonly string[]]>([
    [
      'two classes',
      (events) =>
        events.map((event) => ({ ...event, class: event.class === 'jest' ? 'vitest' : event.class })),
      ['governed'],
    ],
    [
      'six days',
      (events) => events.map((event) => ({ ...event, ts: event.ts.replace(/0[78]T/, '01T') })),
      ['calendar'],
    ],
    ['99 samples', (events) => events.slice(0, 99), ['samples']],
    ['19 runs', (events) => events.slice(0, 19), ['governed', 'samples', 'confidence']],
    ['four that waited', (events) => events.slice(2), ['runs']],
    [
      'wild peaks',
      (events) => events.map((event, index) => ({ ...event, peak_rss_mb: 2 ** (index % 14) })),
      ['confidence'],
    ],
    ['nothing', () => [], ['governed', 'calendar', 'samples', 'runs', 'confidence']],
  ])('are not all met by %s', async (_, change, expected) => {
    expect(await unmet(change(enoughRuns()))).toEqual(expected);
  });
});

describe('the report', () => {
  test('says first which gates are not met, with their figures', async () => {
    const report = reportAsMarkdown(await calibrationOf(enoughRuns().slice(0, 99)), details);
    expect(report.split('\n').slice(0, 7)).toEqual([
      '# Calibration report',
      '',
      'Made by `test-governor calibrate` on 2026-03-09 10:00 UTC.',
      '',
      '**1 of 5 gates is not met.** The telemetry is not enough to set budgets by:',
      '',
      '- samples: governed runs with a measured figure: 99; needed: at least 100',
    ]);
    expect(report).toContain('| **not met** | samples');
  });

  test('records a waiver, as text and nothing else', async () => {
    const calibration = await calibrationOf([]);
    const report = reportAsMarkdown(calibration, {
      ...details,
      waiver: 'first\nweek <b>`x`</b> | \u001b[31m',
    });
    expect(report).toContain('**Waived:** first week \\<b\\>\\`x\\`\\</b\\> \\| \\\\x1b\\[31m\n');
  });

  test('has every figure per class and signature, and what was left out', async () => {
    const report = reportAsMarkdown(
      await calibrationOf([
        ...enoughRuns(),
        runEvent({ normalized_sig: 'a|b`c', pressure_level: 'critical', outcome: 'timed-out' }),
      ]),
      details,
    );
    expect(report).toContain(
      '| jest | 41 | 1,009 | 1,017 | 1,019 | 2 | 2 | 2 | 10.0 s | 10.0 s | 10.0 s | 40 | 1 | 0 |',
    );
    expect(report).toContain('| jest | 41 | 0.0 s | 0.0 s | 5.0 s | 2 | 40 | 0 | 1 | 0 | 0 | 0 |');
    expect(report).toContain("| jest: `a\\|b'c` | 1 | – | – | – |");
    expect(report).toContain('| skipped: torn lines | 3 |');
    expect(report).toContain('| skipped: lines that are no event | 4 |');
    expect(report).toContain('![Peaks against budgets per class](plot.svg)');
    for (const line of report.split('\n').filter((text) => text.startsWith('|')))
      expect(line).not.toMatch(/NaN|undefined|null/);
  });
});

describe('the plot', () => {
  test('has a row for each class, colours for light and dark, and only finite places', async () => {
    const plot = plotOf(
      await calibrationOf([...enoughRuns(), runEvent({ class: 'turbo', peak_rss_mb: null })]),
    );
    expect(plot.match(/text-anchor="end">(jest|vitest|pytest|turbo)</g)).toHaveLength(4);
    expect(plot).toContain('prefers-color-scheme: dark');
    expect(plot).not.toMatch(/NaN|Infinity|undefined/);
    expect(plot.match(/<(svg|style|text|rect)\b/g)?.length).toBe(
      plot.match(/<\/(svg|style|text)>|<rect[^>]*\/>/g)?.length,
    );
    const places = [...plot.matchAll(/ (?:cx|x1|x2)="([\d.]+)"/g)].map(([, place]) => Number(place));
    expect(Math.max(...places)).toBeLessThanOrEqual(800);
  });

  test('of nothing is still a picture', async () => {
    expect(plotOf(await calibrationOf([]))).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });
});

describe('budgets in the config', () => {
  test.each([
    [
      'tabs',
      '{\n\t"mode": "warn"\n}\n',
      '{\n\t"mode": "warn",\n\t"classBudgetsMb": {\n\t\t"jest": 64\n\t}\n}\n',
    ],
    [
      'CRLF and a byte order mark',
      '\uFEFF{\r\n    "mode": "warn"\r\n}\r\n',
      '\uFEFF{\r\n    "mode": "warn",\r\n    "classBudgetsMb": {\r\n        "jest": 64\r\n    }\r\n}\r\n',
    ],
    [
      'other budgets',
      '{ "classBudgetsMb": { "jest": 1,  "turbo": 7 } , "mode": "off" }',
      '{ "classBudgetsMb": { "jest": 64,  "turbo": 7 } , "mode": "off" }',
    ],
    ['nothing', '', '{\n  "classBudgetsMb": {\n    "jest": 64\n  }\n}\n'],
  ])('keep the form of a file with %s, and a second time change nothing', (_, before, after) => {
    expect(withClassBudgets(before, { jest: 64 })).toBe(after);
    expect(withClassBudgets(after, { jest: 64 })).toBe(after);
  });
});
