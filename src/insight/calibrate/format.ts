import { formatWhole } from '../../admission/figures.ts';
import { escapeForTerminal } from '../../escape.ts';

/** What stands where nothing was measured. */
export const unknown = '–';

/** Megabytes without their unit, which the column's head says. */
export function megabytes(value: number | null): string {
  return value === null ? unknown : formatWhole(value);
}

/** A duration for people: `0.4 s`, `2 min 5 s`, `1 h 10 min`. */
export function duration(milliseconds: number | null): string {
  if (milliseconds === null) return unknown;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A share as a percentage with one decimal, never rounded up: 79.99 % are not 80 %. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** Text of somebody else's as Markdown that shows just that text, on one line. */
export function plainText(text: string): string {
  return escapeForTerminal(text.replace(/\s+/g, ' ').trim()).replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');
}

/** Text of somebody else's as a code span that fits into a table. */
export function code(text: string): string {
  return `\`${escapeForTerminal(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A Markdown table; columns of figures, which are all but those in `texts`, are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  texts: readonly number[] = [0],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, index) => (texts.includes(index) ? '---' : '---:'))),
    ...rows.map(line),
  ];
}
