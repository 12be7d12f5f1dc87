/**
 * Milliseconds of a clock that is never set and stands still in sleep (CLOCK_MONOTONIC), with fractions. What `performance.now()`
 * counts too, but from the machine's start, and node loads a tenth of a megabyte of code for that.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Lets that many milliseconds pass, and nothing else happen in this process. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
