import { createInterrupt, type Interrupt } from '../queue/interrupt.ts';
import { createSleeper, type Sleeper } from '../queue/sleeper.ts';
import { endingSignals } from './supervise.ts';

/** What reaches a process that waits for its turn. */
export interface Attention {
  /** A signal that ends the wait. */
  readonly interrupt: Interrupt;
  /** Sleeps until it is woken. */
  readonly sleeper: Sleeper;
  /** Nothing is heard any more. */
  close(): void;
}

/**
 * Listens for the signals that end a wait and for the one that wakes a waiter, and outlives them all until it is closed, whoever else
 * listens: who presses Ctrl-C twice must not leave the cleaning half done. So it is closed at the very end. Between its turn and its
 * start a run has no time for that either: the end of a listener takes node a fifth of a millisecond.
 */
export function attend(): Attention {
  const interrupt = createInterrupt();
  const sleeper = createSleeper(interrupt);
  const handlers = endingSignals.map((signal) => ({ signal, handler: () => interrupt.send(signal) }));
  for (const { signal, handler } of handlers) process.on(signal, handler);
  return {
    interrupt,
    sleeper,
    close() {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      sleeper.close();
    },
  };
}
