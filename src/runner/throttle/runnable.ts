import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/** How many looks the average is over: at two a second, what lasts shorter than two seconds does not fill it. */
const looks = 4;

/** The number of tasks that run or want to, the first half of the fourth figure of `/proc/loadavg` (proc_loadavg(5)). */
function runnableTasks(): number | null {
  try {
    const [, count] = /^\S+ \S+ \S+ (\d+)\//.exec(readFileSync('/proc/loadavg', 'utf8')) ?? [];
    // We are one of them while we read it.
    return count === undefined ? null : Math.max(0, Number(count) - 1);
  } catch {
    // There is no /proc on macOS.
    return null;
  }
}

/** Averages how many tasks want a CPU over the last few looks. */
export interface RunnableAverage {
  /** Looks once; the average so far. Where it cannot be read, the load average of the last minute stands for it. */
  look(): number;
}

/** A new average, without looks. */
export function createRunnableAverage(read: () => number | null = runnableTasks): RunnableAverage {
  const counts: number[] = [];
  return {
    look() {
      const count = read();
      if (count === null) return loadavg()[0] ?? 0;
      counts.push(count);
      if (counts.length > looks) counts.shift();
      return counts.reduce((sum, each) => sum + each, 0) / counts.length;
    },
  };
}
