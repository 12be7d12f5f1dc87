import type { RunEvent } from './event.ts';

/** The statuses of a run that somebody asked to end: SIGHUP, SIGINT, SIGTERM. One that the kernel kills for its memory is none of them. */
const askedToEnd: readonly number[] = [129, 130, 143];

/**
 * What pytest says of a run that had no tests to take memory for: interrupted, an internal error, a usage error, none collected;
 * https://docs.pytest.org/en/stable/reference/exit-codes.html.
 */
const pytestRanNone: readonly number[] = [2, 3, 4, 5];

/** True for a run whose figures tell what others like it will take: it came to its end, and nobody cut it short. */
export function ranToEnd({
  outcome,
  exit_code,
  runner,
}: Pick<RunEvent, 'outcome' | 'exit_code' | 'runner'>): boolean {
  if (outcome !== 'ended') return false;
  if (exit_code === null) return true;
  return !askedToEnd.includes(exit_code) && !(runner === 'pytest' && pytestRanNone.includes(exit_code));
}
