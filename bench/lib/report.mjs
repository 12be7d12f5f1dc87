// The table that a benchmark prints: what was measured, the figure, the bar it is held against, and beside it what
// others take for the same.
const widths = { what: 58, figure: 16, least: 14, bar: 12 };

function line(what, figure, least, bar, verdict) {
  const numbers = `${figure.padStart(widths.figure)} ${least.padStart(widths.least)} ${bar.padStart(widths.bar)}`;
  return `${what.padEnd(widths.what)} ${numbers}  ${verdict}`.trimEnd();
}

/** Prints a section's heading. */
export function heading(title) {
  console.log(`\n${title}`);
}

/** Prints the columns' names. */
export function columns() {
  console.log(line('', 'median', 'minimum', 'bar', ''));
}

/**
 * Prints one row that has a bar. The median decides; where only the minimum holds, the row says so, because on a busy
 * machine the minimum is nearer to what the thing itself costs.
 * @param {{median: number, min: number} | number} value
 * @returns {boolean} whether the bar is met.
 */
export function row(what, value, { atMost, atLeast, unit = '', digits = 2 }) {
  const { median, min } = typeof value === 'number' ? { median: value, min: null } : value;
  const holds = (figure) => (atMost === undefined ? figure >= atLeast : figure <= atMost);
  const bar = atMost === undefined ? `≥ ${atLeast}${unit}` : `≤ ${atMost}${unit}`;
  const met = holds(median);
  const missed = min !== null && holds(min) ? 'MISSED (ok at the minimum)' : 'MISSED';
  console.log(line(what, show(median, unit, digits), show(min, unit, digits), bar, met ? 'ok' : missed));
  return met;
}

/** Prints one row for comparison; `value` as for {@link row}, or words. */
export function peer(what, value, { unit = '', digits = 2 } = {}) {
  const { median, min } = typeof value === 'object' ? value : { median: value, min: null };
  console.log(line(`  beside it: ${what}`, show(median, unit, digits), show(min, unit, digits), '', ''));
}

function show(value, unit, digits) {
  if (value === null) return '';
  return typeof value === 'number' ? `${format(value, digits)}${unit}` : value;
}

function format(value, digits) {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
