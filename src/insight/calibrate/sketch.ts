/** As many values are kept as they are; beyond that they are counted in buckets. */
const exactLimit = 512;

/** Neighbouring buckets differ by one percent, so that a value read from one is off by half a percent at most. */
const growth = Math.log(1.01);

/** The distribution of any number of figures in constant memory. */
export interface Sketch {
  add(value: number): void;
  readonly count: number;
  /** The greatest value, exact; null for none. */
  readonly max: number | null;
  /** The quantile by nearest rank, as admission takes its P90: exact up to 512 values, then within half a percent. Null for none. */
  quantile(share: number): number | null;
  /** How many values are at most this. */
  countUpTo(value: number): number;
}

function bucketOf(value: number): number {
  return value <= 0 ? Number.NEGATIVE_INFINITY : Math.round(Math.log(value) / growth);
}

function middleOf(bucket: number): number {
  return Math.exp(bucket * growth);
}

/** An empty distribution; figures are never negative. */
export function createSketch(): Sketch {
  /** The values themselves with the count 1, or, once there are too many, buckets. */
  let exact: number[] | null = [];
  const buckets = new Map<number, number>();
  let count = 0;
  let max: number | null = null;
  /** Values in order with their counts; made anew after an addition. */
  let sorted: readonly (readonly [value: number, count: number])[] | null = null;

  function addToBucket(value: number): void {
    const bucket = bucketOf(value);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }

  function entries(): readonly (readonly [number, number])[] {
    sorted ??=
      exact === null
        ? [...buckets].sort(([a], [b]) => a - b).map(([bucket, times]) => [middleOf(bucket), times] as const)
        : [...exact].sort((a, b) => a - b).map((value) => [value, 1] as const);
    return sorted;
  }

  return {
    add(value) {
      count += 1;
      max = max === null ? value : Math.max(max, value);
      sorted = null;
      if (exact === null) {
        addToBucket(value);
        return;
      }
      exact.push(value);
      if (exact.length > exactLimit) {
        for (const kept of exact) addToBucket(kept);
        exact = null;
      }
    },
    get count() {
      return count;
    },
    get max() {
      return max;
    },
    quantile(share) {
      const rank = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (const [value, times] of entries()) {
        seen += times;
        // The last bucket may lie above the greatest value.
        if (seen >= rank) return Math.min(value, max ?? value);
      }
      return null;
    },
    countUpTo(limit) {
      let seen = 0;
      for (const [value, times] of entries()) if (value <= limit) seen += times;
      return seen;
    },
  };
}
