/** What ends a wait early: a signal that this process was sent. Node's AbortSignal would do, but takes half a millisecond to load. */
export interface Interrupt {
  /** The first signal that came; null before that. */
  readonly signal: NodeJS.Signals | null;
  /** Calls `listener` when it comes; at once when it has come. */
  whenSent(listener: () => void): void;
}

/** An interrupt, and what makes it one. */
export interface InterruptSource extends Interrupt {
  /** A signal has come. Those after the first change nothing. */
  send(signal: NodeJS.Signals): void;
}

/** An interrupt that has not come yet. */
export function createInterrupt(): InterruptSource {
  const listeners: (() => void)[] = [];
  let first: NodeJS.Signals | null = null;
  return {
    get signal() {
      return first;
    },
    whenSent(listener) {
      if (first === null) listeners.push(listener);
      else listener();
    },
    send(signal) {
      if (first !== null) return;
      first = signal;
      for (const listener of listeners) listener();
    },
  };
}
