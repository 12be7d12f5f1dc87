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

/**
 * The difference between two texts of one file as a unified diff that `git apply` and `patch -p1` take; one line each, none when
 * they are the same.
 * @param before null where the file is made, as `after` is where it is removed.
 */
export function unifiedDiff(
  file: string,
  before: string | null,
  after: string | null,
  paint: PaintDiff,
): readonly string[] {
  const { hunks } = structuredPatch(file, file, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
  });
  if (hunks.length === 0) return [];
  const shown = escapeForTerminal(file);
  // A file that is not there has no line, and so none with a number.
  const startIn = (text: string | null, start: number) => (text === null ? 0 : start);
  return [
    paint('file', before === null ? '--- /dev/null' : `--- a/${shown}`),
    paint('file', after === null ? '+++ /dev/null' : `+++ b/${shown}`),
    ...hunks.flatMap((hunk) => [
      paint(
        'hunk',
        `@@ -${startIn(before, hunk.oldStart)},${hunk.oldLines} +${startIn(after, hunk.newStart)},${hunk.newLines} @@`,
      ),
      ...hunk.lines.map((line) => paint(parts[line[0] ?? ''] ?? 'context', safeLine(line))),
    ]),
  ];
}
