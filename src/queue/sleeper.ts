import { wakeSignal } from './wake-one.ts';

/** Sleeps that end with the wake signal, the interrupt, or their time. Signals between two sleeps are not lost. */
export function createSleeper(interrupt: AbortSignal) {
  let woken = false;
  let end: () => void = () => undefined;
  const onWake = () => {
    woken = true;
    end();
  };
  process.on(wakeSignal, onWake);
  interrupt.addEventListener('abort', onWake);
  return {
    /** Called before a look: what happens from here on ends the next sleep. */
    arm() {
      woken = false;
    },
    /** True when nobody woke us: the time is over. */
    sleep(milliseconds: number): Promise<boolean> {
      if (woken || interrupt.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), milliseconds);
        end = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
    },
    close() {
      process.off(wakeSignal, onWake);
      interrupt.removeEventListener('abort', onWake);
    },
  };
}

/** Resolves once a signal has been aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
