// What the jobs themselves wrote down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line that a job wrote: it started, ended, or found another one there. */
function parseLine(line) {
  const [event, contender, pid, lease] = line.split(' ');
  return { event, contender, pid: Number(pid), lease: lease ?? '' };
}

/** All that the jobs have written so far, in the order in which they wrote it. */
export function readLog(directory) {
  const text = readFileSync(join(directory, 'log'), 'utf8');
  return text.split('\n').filter(Boolean).map(parseLine);
}
