import type { DiffPart, PaintDiff } from '../adoption/unified-diff.ts';

const colours: Readonly<Record<DiffPart, string>> = {
  file: '1',
  hunk: '36',
  removed: '31',
  added: '32',
  context: '0',
};

/** Colours as git gives them, on a terminal whose user has not asked for none (https://no-color.org). */
export function diffPainter(): PaintDiff {
  const isColoured = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return (part, text) =>
    isColoured && part !== 'context' ? `\u001b[${colours[part]}m${text}\u001b[0m` : text;
}
