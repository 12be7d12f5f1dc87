import type { CodeLine } from './markdown.ts';

/** A part of a script that stands in one piece in the file. */
interface Piece {
  /** Where it begins in the script. */
  readonly start: number;
  /** Where it begins in the file. */
  readonly at: number;
}

/** Shell text that was put together from lines of a file, without prompts and output. */
export interface Script {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** Puts lines together, one below the other. */
export function scriptOf(lines: readonly CodeLine[]): Script {
  const pieces: Piece[] = [];
  let text = '';
  for (const line of lines) {
    if (pieces.length > 0) text += '\n';
    pieces.push({ start: text.length, at: line.at });
    text += line.text;
  }
  return { text, pieces };
}

/** Where a character of the script is in the file. */
export function placeInFile({ pieces }: Script, offset: number): number {
  const piece = pieces.findLast(({ start }) => start <= offset);
  return piece === undefined ? offset : piece.at + offset - piece.start;
}
