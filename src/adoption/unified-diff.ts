import { structuredPatch } from 'diff';
import { escapeForTerminal } from '../escape.ts';

/** How the parts of a diff are shown. */
export type DiffPart = 'file' | 'hunk' | 'removed' | 'added' | 'context';

/** Shows one line of a diff. */
export type PaintDiff = (part: DiffPart, text: string) => string;

const parts: Readonly<Record<string, DiffPart>> = { '-': 'removed', '+': 'added' };

/** A line without anything that a terminal would obey. Tabs and the end of a CRLF line stay, so that the diff can be applied. */
function safeLine(line: string): string {
  const end = line.endsWith('\r') ? '\r' : '';
  const body = end === '' ? line : line.slice(0, -1);
  return `${body.split('\t').map(escapeForTerminal).join('\t')}${end}`;
}

/** The difference between two texts of one file as a unified diff that `git apply` and `patch -p1` take; one line each, none when they are the same. */
export function unifiedDiff(
  file: string,
  before: string,
  after: string,
  paint: PaintDiff,
): readonly string[] {
  const { hunks } = structuredPatch(file, file, before, after, undefined, undefined, { context: 3 });
  if (hunks.length === 0) return [];
  const shown = escapeForTerminal(file);
  return [
    paint('file', `--- a/${shown}`),
    paint('file', `+++ b/${shown}`),
    ...hunks.flatMap((hunk) => [
      paint('hunk', `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`),
      ...hunk.lines.map((line) => paint(parts[line[0] ?? ''] ?? 'context', safeLine(line))),
    ]),
  ];
}
