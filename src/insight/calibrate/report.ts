import { formatWhole } from '../../admission/figures.ts';
import type { PressureLevel } from '../../telemetry/event.ts';
import type { ReadCounts } from '../../telemetry/read.ts';
import type { Calibration } from './calibrate.ts';
import { comparablePeaks, type RunStatistics } from './collect.ts';
import { code, duration, megabytes, percent, plainText, table, unknown } from './format.ts';
import type { Gate } from './gates.ts';
import type { ClassRecommendation } from './recommend.ts';
import type { Sketch } from './sketch.ts';

/** What a report says besides the calibration itself. */
export interface ReportDetails {
  readonly madeAt: Date;
  /** Why unmet gates are accepted; null when they are not. */
  readonly waiver: string | null;
  /** Where the plot is, as a Markdown image takes it; null for a report without one. */
  readonly plot: string | null;
}

function gateLines(gates: readonly Gate[], waiver: string | null): readonly string[] {
  const unmet = gates.filter(({ isMet }) => !isMet);
  const head =
    unmet.length === 0
      ? ['**All gates are met.** The telemetry is enough to set budgets by.']
      : [
          `**${unmet.length} of ${gates.length} gates ${unmet.length === 1 ? 'is' : 'are'} not met.** The telemetry is not enough to set budgets by:`,
          '',
          ...unmet.map(({ name, needed, found }) => `- ${name}: ${found}; needed: ${needed}`),
        ];
  const waived = waiver === null ? [] : ['', `**Waived:** ${plainText(waiver)}`];
  const rows = gates.map(({ name, needed, found, isMet }) => [
    isMet ? 'met' : '**not met**',
    name,
    needed,
    found,
  ]);
  return [
    ...head,
    ...waived,
    '',
    '## Gates',
    '',
    ...table(['', 'gate', 'needed', 'found'], rows, [0, 1, 2, 3]),
  ];
}

function sourceLines({ collected }: Calibration, counts: ReadCounts): readonly string[] {
  const days = [...collected.days.keys()].sort();
  const period =
    days.length === 0 ? 'no governed run' : `governed runs from ${days[0]} to ${days.at(-1)} (UTC)`;
  return [
    '## What it rests on',
    '',
    ...table(
      ['', 'count'],
      [
        ['events read', formatWhole(counts.events)],
        [`samples: ${period}`, formatWhole(collected.samples)],
        ['left out: events of runs outside the governor', formatWhole(collected.ungoverned)],
        ['left out: governed runs without a class', formatWhole(collected.unclassified)],
        ['skipped: torn lines', formatWhole(counts.torn)],
        ['skipped: lines that are no event', formatWhole(counts.foreign)],
        ['files', formatWhole(counts.files)],
        ['files that cannot be read', formatWhole(counts.unreadable)],
      ],
    ),
  ];
}

function budgetRow(recommendation: ClassRecommendation): readonly string[] {
  const {
    class: name,
    currentMb,
    budgetMb,
    peaks,
    source,
    confidence,
    slots,
    sideBySide,
    reason,
  } = recommendation;
  return [
    name,
    megabytes(currentMb),
    budgetMb === null ? 'stays' : `**${megabytes(budgetMb)}**`,
    formatWhole(peaks),
    source ?? unknown,
    percent(confidence),
    slots === null ? unknown : formatWhole(slots),
    formatWhole(sideBySide),
    reason,
  ];
}

function recommendationLines({ recommendation }: Calibration, plot: string | null): readonly string[] {
  const { classes, slots, overrides, confidence } = recommendation;
  const left = classes.filter(({ otherPeaks }) => otherPeaks > 0);
  return [
    '## Recommendations',
    '',
    '### Class budgets',
    '',
    ...(classes.length === 0
      ? ['No governed run was seen: the budgets stay.']
      : table(
          [
            'class',
            'in force, MB',
            'recommended, MB',
            'peaks',
            'measured by',
            'confidence',
            'slots a run',
            'side by side',
            'why',
          ],
          classes.map(budgetRow),
          [0, 4, 8],
        )),
    '',
    `Confidence over all: ${percent(confidence)}.`,
    ...left.map(
      ({ class: name, otherPeaks, source }) =>
        `Of ${name}, ${formatWhole(otherPeaks)} peaks are left out: they were not measured by ${source ?? unknown}.`,
    ),
    ...(plot === null || classes.length === 0 ? [] : ['', `![Peaks against budgets per class](${plot})`]),
    '',
    '### Slots',
    '',
    `**${formatWhole(slots.total)}**: ${slots.reason}.`,
    '',
    '### Override threshold',
    '',
    `Look into a day on which more than **${overrides.thresholdPercent} %** of the governed runs are overrides: ${overrides.reason}.`,
  ];
}

function spread(sketch: Sketch | null, show: (value: number | null) => string): readonly string[] {
  return sketch === null
    ? [unknown, unknown, unknown]
    : [show(sketch.quantile(0.5)), show(sketch.quantile(0.9)), show(sketch.max)];
}

const pressureLevels: readonly PressureLevel[] = ['normal', 'warn', 'critical', 'unknown'];

type Named = readonly [name: string, statistics: RunStatistics];

function runTable(kind: string, rows: readonly Named[]): readonly string[] {
  const whole = (value: number | null) => (value === null ? unknown : formatWhole(value));
  return table(
    [
      kind,
      'n',
      'peak MB: P50',
      'P90',
      'max',
      'workers: P50',
      'P90',
      'max',
      'duration: P50',
      'P90',
      'max',
      'ended',
      'timed out',
      'never started',
    ],
    rows.map(([name, statistics]) => [
      name,
      formatWhole(statistics.runs),
      ...spread(comparablePeaks(statistics)?.sketch ?? null, megabytes),
      ...spread(statistics.workers, whole),
      ...spread(statistics.durations, duration),
      formatWhole(statistics.ended),
      formatWhole(statistics.timedOut),
      formatWhole(statistics.neverStarted),
    ]),
  );
}

function waitTable(kind: string, rows: readonly Named[]): readonly string[] {
  return table(
    [
      kind,
      'n',
      'wait: P50',
      'P90',
      'max',
      'had to wait',
      ...pressureLevels.map((level) => `pressure ${level}`),
      'policy overrides',
      'overload overrides',
    ],
    rows.map(([name, statistics]) => [
      name,
      formatWhole(statistics.runs),
      ...spread(statistics.waits, duration),
      formatWhole(statistics.contended),
      ...pressureLevels.map((level) => formatWhole(statistics.pressure.get(level) ?? 0)),
      formatWhole(statistics.policyOverrides),
      formatWhole(statistics.overloadOverrides),
    ]),
  );
}

function byRuns(rows: Iterable<Named>): readonly Named[] {
  return [...rows].sort(([a, { runs: x }], [b, { runs: y }]) => y - x || a.localeCompare(b, 'en'));
}

function statisticsLines({ collected }: Calibration): readonly string[] {
  if (collected.classes.size === 0) return [];
  const classes = byRuns(collected.classes);
  const signatures = byRuns(
    [...collected.signatures].flatMap(([name, of]) =>
      [...of].map(([signature, statistics]): Named => [`${name}: ${code(signature)}`, statistics]),
    ),
  );
  return [
    '## Per class',
    '',
    ...runTable('class', classes),
    '',
    ...waitTable('class', classes),
    '',
    '## Per signature',
    '',
    ...runTable('class: signature', signatures),
    '',
    ...waitTable('class: signature', signatures),
  ];
}

const explanations = `## How to read it

- A *sample* is a governed run with at least one measured figure. Runs outside the governor are left out everywhere.
- Peaks are of runs that ended by themselves, and only of the way of measuring that most runs of the class had; durations leave out
  runs that were slowed or frozen. Runs under the overload override are counted, their figures left out: nothing shaped them.
- P50 and P90 are by nearest rank, exact up to 512 figures and within half a percent beyond.
- A recommended budget is the P90 of the class's peaks, rounded up to a multiple of 64 MB, once there are 5 peaks.
- *Confidence* is the probability that the true P90 lies within 15 % of the one that was seen, from order statistics, which assume
  nothing about the distribution. The confidence over all weights each class by its runs, a class without a recommended budget
  with nothing: of a hundred runs, so many would have a budget that is right.
- *Side by side* is how many such runs this machine's memory budget and slots are enough for.`;

/** The report as Markdown. Pure. */
export function reportAsMarkdown(calibration: Calibration, details: ReportDetails): string {
  const { gates, counts } = calibration;
  return [
    '# Calibration report',
    '',
    `Made by \`test-governor calibrate\` on ${details.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    ...gateLines(gates, details.waiver),
    '',
    ...recommendationLines(calibration, details.plot),
    '',
    ...statisticsLines(calibration),
    ...(calibration.collected.classes.size === 0 ? [] : ['']),
    ...sourceLines(calibration, counts),
    '',
    explanations,
    '',
  ].join('\n');
}
