import type { Interrupt } from './interrupt.ts';
import { rouseSignal, wakeSignal } from './wake-one.ts';

/** Sleeps that end with the wake signal, the interrupt, or their time. Signals between two sleeps are not lost. */
export interface Sleeper {
  /** Called before a look: what happens from here on ends the next sleep. */
  arm(): void;
  /** True when nobody woke us: the milliseconds are over. */
  sleep(milliseconds: number): Promise<boolean>;
  /** Ends the sleep as the signal does. */
  wake(): void;
  /** Signals wake nobody any more. */
  close(): void;
}

/** A sleeper that listens from now on. */
export function createSleeper(interrupt: Interrupt): Sleeper {
  let woken = false;
  let end: () => void = () => undefined;
  const onWake = () => {
    woken = true;
    end();
  };
  process.on(wakeSignal, onWake);
  // Being heard is all that it is for. Not before the first sleep: a run that need not wait has no time for a listener.
  const onRouse = () => undefined;
  let canBeRoused = false;
  interrupt.whenSent(onWake);
  return {
    arm() {
      woken = false;
    },
    sleep(milliseconds) {
      if (woken || interrupt.signal !== null) return Promise.resolve(false);
      if (!canBeRoused) process.on(rouseSignal, onRouse);
      canBeRoused = true;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), milliseconds);
        end = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
    },
    wake: onWake,
    close() {
      process.off(wakeSignal, onWake);
      process.off(rouseSignal, onRouse);
    },
  };
}
