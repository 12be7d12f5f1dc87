import { formatMb, formatWhole } from '../../admission/figures.ts';
import type { ClassRecommendation } from './recommend.ts';
import type { Sketch } from './sketch.ts';

/** One line of the plot. */
export interface PlotRow {
  readonly recommendation: ClassRecommendation;
  /** Null when nothing was measured. */
  readonly peaks: Sketch | null;
}

const width = 800;
const left = 140;
const right = 40;
const top = 84;
const rowHeight = 68;
const bottom = 44;

/** So many dots stand for a distribution, at even steps of its quantiles. */
const mostDots = 120;

/** The two sets of colours are those of GitHub's pages, in which most will see the report. */
const style = `
  .ground { fill: #ffffff; stroke: #d0d7de; }
  text { fill: #1f2328; font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; }
  .title { font-size: 15px; font-weight: 600; }
  .small { fill: #59636e; font-size: 12px; }
  .grid { stroke: #d8dee4; }
  .dot { fill: #0969da; fill-opacity: 0.45; }
  .p90 { stroke: #0969da; stroke-width: 2; }
  .now { stroke: #9a6700; stroke-width: 2; stroke-dasharray: 5 4; }
  .next { stroke: #1a7f37; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #2a313c; }
    .dot { fill: #58a6ff; }
    .p90 { stroke: #58a6ff; }
    .now { stroke: #e3b341; }
    .next { stroke: #3fb950; }
  }`;

/** A step of 1, 2 or 5 times a power of ten, that gives at most seven marks. */
function gridStep(greatest: number): number {
  const rough = greatest / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function dots(peaks: Sketch, y: number, x: (megabytes: number) => number): readonly string[] {
  const count = Math.min(mostDots, peaks.count);
  return Array.from({ length: count }, (_, index) => {
    const value = peaks.quantile((index + 1) / count) ?? 0;
    // Spread over the row, the same each time: equal peaks would hide each other.
    const offset = ((index * 7) % 15) - 7;
    return `<circle class="dot" cx="${round(x(value))}" cy="${round(y + offset * 1.4)}" r="3"/>`;
  });
}

function mark(kind: 'p90' | 'now' | 'next', at: number, y: number, half: number): string {
  return `<line class="${kind}" x1="${round(at)}" x2="${round(at)}" y1="${y - half}" y2="${y + half}"/>`;
}

function drawRow(
  { recommendation, peaks }: PlotRow,
  index: number,
  x: (megabytes: number) => number,
): readonly string[] {
  const { class: name, currentMb, budgetMb } = recommendation;
  const y = top + index * rowHeight + 22;
  const p90 = peaks?.quantile(0.9) ?? null;
  const figures =
    peaks === null || p90 === null
      ? 'no peak was measured'
      : `${formatWhole(peaks.count)} peaks, P50 ${formatMb(peaks.quantile(0.5) ?? 0)}, P90 ${formatMb(p90)}, max ${formatMb(peaks.max ?? 0)}`;
  const budget =
    budgetMb === null
      ? `budget stays ${formatMb(currentMb)}`
      : `budget ${formatMb(currentMb)} → ${formatMb(budgetMb)}`;
  return [
    `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>`,
    `<text x="${left - 14}" y="${y + 5}" text-anchor="end">${name}</text>`,
    ...(peaks === null ? [] : dots(peaks, y, x)),
    ...(p90 === null ? [] : [mark('p90', x(p90), y, 14)]),
    mark('now', x(currentMb), y, 17),
    ...(budgetMb === null ? [] : [mark('next', x(budgetMb), y, 17)]),
    `<text class="small" x="${left}" y="${y + 33}">${figures}; ${budget}</text>`,
  ];
}

function legend(): readonly string[] {
  const y = 54;
  return [
    `<circle class="dot" cx="${left + 4}" cy="${y}" r="3"/><text class="small" x="${left + 14}" y="${y + 4}">peaks of runs</text>`,
    `${mark('p90', left + 116, y, 8)}<text class="small" x="${left + 124}" y="${y + 4}">their P90</text>`,
    `${mark('now', left + 206, y, 8)}<text class="small" x="${left + 214}" y="${y + 4}">budget in force</text>`,
    `${mark('next', left + 326, y, 8)}<text class="small" x="${left + 334}" y="${y + 4}">recommended budget</text>`,
  ];
}

/** Peaks of memory against budgets, a row for each class, as an SVG document that is readable on light and dark pages. */
export function plotPeaks(rows: readonly PlotRow[]): string {
  const greatest = Math.max(
    1,
    ...rows.flatMap(({ recommendation: { currentMb, budgetMb }, peaks }) => [
      currentMb,
      budgetMb ?? 0,
      peaks?.max ?? 0,
    ]),
  );
  const step = gridStep(greatest);
  const end = Math.ceil(greatest / step) * step;
  const x = (megabytes: number) => left + (megabytes / end) * (width - left - right);
  const height = top + Math.max(1, rows.length) * rowHeight + bottom;
  const axis = height - bottom + 6;
  const marks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    `<text id="title" class="title" x="20" y="28">Peak memory of governed runs against the budgets of their classes</text>`,
    ...legend(),
    ...marks.map(
      (at) => `<line class="grid" x1="${round(x(at))}" x2="${round(x(at))}" y1="${top - 8}" y2="${axis}"/>`,
    ),
    ...marks.map(
      (at) =>
        `<text class="small" x="${round(x(at))}" y="${axis + 18}" text-anchor="middle">${formatWhole(at)}</text>`,
    ),
    `<text class="small" x="${left - 14}" y="${axis + 18}" text-anchor="end">MB</text>`,
    ...rows.flatMap((row, index) => drawRow(row, index, x)),
    '</svg>',
    '',
  ].join('\n');
}
