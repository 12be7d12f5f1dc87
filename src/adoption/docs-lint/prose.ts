/** Words that sentences have and command lines hardly ever do. */
const functionWords = new Set(
  `is are was were will would can could should must may has have had does do did a an the this that these those it its and or
  but if when while because for with without from into than then so as by of on in at to runs using via`.split(
    /\s+/,
  ),
);

/** Options, paths, globs, expansions, redirections, assignments: no sentence has them, but for the full stop at its end. */
const syntax = /(?:^|\s)-{1,2}\w|[/*$|&;<>={}[\]\\]|\w\.\w/;

/**
 * True for a line that talks about a command (`jest runs the tests in parallel.`) where a command line could stand as well.
 * Only for places where both occur; a labelled shell block holds commands.
 */
export function isProse(line: string): boolean {
  if (syntax.test(line)) return false;
  const words = line.trim().split(/\s+/);
  if (words.length < 3) return false;
  return /[.:!?,]$/.test(line.trim()) || words.slice(1).some((word) => functionWords.has(word.toLowerCase()));
}
