import type { Sketch } from './sketch.ts';

/** How far the true P90 may be from the one that was seen, as a share of it, for a budget to count as right. */
const tolerance = 0.15;

/** The logarithms of the factorials of 0 to n by Stirling's series; exact enough for probabilities of four digits. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** The probability that of `n` values at least `low` and at most `high` lie below the P90. */
function binomialBetween(n: number, low: number, high: number): number {
  // What is more than ten standard deviations away adds nothing, and there may be millions of values.
  const spread = 10 * Math.sqrt(n * 0.09) + 10;
  const from = Math.max(low, Math.floor(0.9 * n - spread));
  const to = Math.min(high, Math.ceil(0.9 * n + spread));
  let sum = 0;
  for (let below = from; below <= to; below += 1) {
    const logProbability =
      logFactorial(n) -
      logFactorial(below) -
      logFactorial(n - below) +
      below * Math.log(0.9) +
      (n - below) * Math.log(0.1);
    sum += Math.exp(logProbability);
  }
  return Math.min(1, sum);
}

/**
 * The confidence that the true P90 of a distribution lies within {@link tolerance} of the one that was seen. By order statistics,
 * which assume nothing about the distribution: with the r-th to the s-th smallest value inside the band, it is the probability
 * that at least r and less than s of n values lie below the true P90 (David & Nagaraja, Order Statistics, section 7.1). 0 for none.
 */
export function confidenceInP90(sketch: Sketch): number {
  const seen = sketch.quantile(0.9);
  if (seen === null) return 0;
  const last = sketch.countUpTo(seen * (1 + tolerance));
  // Values at the band's lower end count as outside.
  const first = sketch.countUpTo(seen * (1 - tolerance)) + 1;
  return first >= last ? 0 : binomialBetween(sketch.count, first, last - 1);
}
