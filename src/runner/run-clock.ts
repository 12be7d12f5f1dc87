import { monotonicMs } from '../clock.ts';

/** How long a run has run: time in which it was frozen, or in which this process or the whole machine stood still, does not count. */
export interface RunClock {
  /** Milliseconds of running time so far. */
  elapsedMs(): number;
  /** The run is frozen from now on. */
  pause(): void;
  /** The run goes on. */
  resume(): void;
  /** Ends the clock; its limit is not reached any more. */
  stop(): void;
}

/** How often the clock looks, in milliseconds: a longer gap between two looks means that we were stopped (Ctrl-Z). */
const tickMs = 1000;

/** What a tick may be late by on a busy machine, in milliseconds, before it counts as a standstill. */
const lateMs = 4000;

/**
 * Starts a clock that calls `onLimit` once after `limitMs` of running time; null for no limit. It does not keep the process
 * running.
 */
export function startRunClock(
  limitMs: number | null,
  onLimit: () => void,
  now: () => number = monotonicMs,
): RunClock {
  let counted = 0;
  let last = now();
  let isPaused = false;
  let timer: NodeJS.Timeout | undefined;
  const count = () => {
    const time = now();
    const gap = time - last;
    if (!isPaused) counted += gap > tickMs + lateMs ? tickMs : gap;
    last = time;
  };
  const schedule = () => {
    const left = limitMs === null ? tickMs : Math.min(tickMs, Math.max(0, limitMs - counted));
    timer = setTimeout(tick, left);
    timer.unref();
  };
  const tick = () => {
    count();
    if (limitMs !== null && counted >= limitMs) onLimit();
    else schedule();
  };
  schedule();
  return {
    elapsedMs() {
      if (timer !== undefined) count();
      return counted;
    },
    pause() {
      count();
      isPaused = true;
    },
    resume() {
      count();
      isPaused = false;
    },
    stop() {
      count();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
