// Timing that holds up on a busy machine: the cases take turns, so that whatever else runs hits all of them alike,
// and the median of the turns is what counts.
import { spawnSync } from 'node:child_process';

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs each case `rounds` times, in turns.
 * @param {Record<string, () => number | Promise<number>>} cases each gives its own time, in any unit.
 * @returns {Promise<Record<string, {median: number, min: number}>>}
 */
export async function alternate(cases, rounds) {
  const times = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) times.get(name).push(await run());
  }
  return Object.fromEntries(
    [...times].map(([name, values]) => [name, { median: median(values), min: Math.min(...values) }]),
  );
}

/**
 * A case that starts a program and gives its wall time in milliseconds.
 * Throws when the status is not the expected one: a program that failed at once would look fast.
 */
export function program(file, args, { env = process.env, cwd, input, status = 0 } = {}) {
  return () => {
    const start = process.hrtime.bigint();
    const result = spawnSync(file, args, { env, cwd, input, stdio: ['pipe', 'ignore', 'pipe'] });
    const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
    if (result.status !== status) {
      const detail = result.error?.message ?? String(result.stderr);
      throw new Error(
        `${file} ${args.join(' ')}: status ${result.status}, not ${status}: ${detail.slice(0, 300)}`,
      );
    }
    return elapsed;
  };
}

/** What `times` are above `base`, both from {@link alternate}. */
export function over(times, base) {
  return { median: times.median - base.median, min: times.min - base.min };
}

/** `times` as a multiple of `base`, both from {@link alternate}. */
export function ratio(times, base) {
  return { median: times.median / base.median, min: times.min / base.min };
}
