// The table that a benchmark prints: what was measured, the figure, the bar it is held against, and beside it what
// others take for the same.
const widths = { what: 58, figure: 22, bar: 14 };

function line(what, figure, bar, verdict) {
  return `${what.padEnd(widths.what)} ${figure.padStart(widths.figure)} ${bar.padStart(widths.bar)}  ${verdict}`;
}

/** Prints a section's heading. */
export function heading(title) {
  console.log(`\n${title}`);
}

/** Prints the columns' names. */
export function columns() {
  console.log(line('', 'figure', 'bar', ''));
}

/**
 * Prints one row that has a bar.
 * @returns {boolean} whether the bar is met.
 */
export function row(what, value, { atMost, atLeast, unit = '', digits = 2 }) {
  const met = atMost === undefined ? value >= atLeast : value <= atMost;
  const bar = atMost === undefined ? `≥ ${atLeast}${unit}` : `≤ ${atMost}${unit}`;
  console.log(line(what, `${format(value, digits)}${unit}`, bar, met ? 'ok' : 'MISSED'));
  return met;
}

/** Prints one row for comparison. */
export function peer(what, value, { unit = '', digits = 2 } = {}) {
  const text = typeof value === 'number' ? `${format(value, digits)}${unit}` : value;
  console.log(line(`  beside it: ${what}`, text, '', ''));
}

function format(value, digits) {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
