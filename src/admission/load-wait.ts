import { describeReason, loadObstacle } from './decide.ts';
import { formatDecimal } from './figures.ts';
import type { Machine } from './machine.ts';

/** Go or no-go by the load, with the look at the machine that it is based on. */
export interface LoadVerdict {
  readonly go: boolean;
  /** One sentence with the figures. */
  readonly sentence: string;
  readonly machine: Machine;
}

/** The outside world of a wait; tests bring their own clock. */
export interface WaitWorld {
  readonly look: () => Machine;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly say: (sentence: string) => void;
}

/** The kernel computes the load average every five seconds; more looks than one a second tell nothing new. */
const pollMs = 1000;

const repeatMs = 30_000;

/** Whether the load allows a start. @param maxLoad null when load checks are off: then it always does. */
function judgeLoad(machine: Machine, maxLoad: number | null): LoadVerdict {
  const reason = loadObstacle(machine.load, maxLoad);
  if (reason !== null) return { go: false, sentence: describeReason(reason), machine };
  const { load } = machine;
  const measured = load.kind === 'measured' ? load.average : 'unknown';
  const limit = maxLoad === null ? 'load checks are off' : `MAX_LOAD is ${maxLoad}`;
  return { go: true, sentence: `load: ${measured}, ${limit}`, machine };
}

/**
 * Looks until the load allows a start or the time is over, at least once. Says at once what it waits for, and again
 * every 30 seconds.
 */
export async function waitForLoad(
  maxLoad: number | null,
  limitMs: number,
  world: WaitWorld,
): Promise<LoadVerdict> {
  const start = world.now();
  for (let saidAt: number | null = null; ; ) {
    const verdict = judgeLoad(world.look(), maxLoad);
    const now = world.now();
    const left = start + limitMs - now;
    if (verdict.go || left <= 0) return verdict;
    const seconds = (milliseconds: number) => formatDecimal(Math.round(milliseconds / 100) / 10);
    if (saidAt === null) {
      world.say(`waiting for at most ${seconds(limitMs)} s: ${verdict.sentence}`);
      saidAt = now;
    } else if (now - saidAt >= repeatMs) {
      world.say(`waiting, not hung, ${seconds(now - start)} of ${seconds(limitMs)} s: ${verdict.sentence}`);
      saidAt = now;
    }
    await world.sleep(Math.min(pollMs, left));
  }
}
