/** One line `some` of a pressure file: how much of the time at least one task waited (kernel: accounting/psi.rst). */
export interface Stall {
  /** Percent of the last ten seconds, decaying. */
  readonly avg10: number;
  /** Microseconds waited since boot. */
  readonly totalUs: number;
}

/** What the machine shows at one moment; what a platform does not have is null. */
export interface MeasuredSignals {
  readonly kind: 'measured';
  readonly memoryStall: Stall | null;
  readonly cpuStall: Stall | null;
  readonly ioStall: Stall | null;
  /** Megabytes that programs could still get without swapping, within our container. */
  readonly availableMb: number;
  /** Megabytes that this machine or container has. */
  readonly totalMb: number;
  /** The system's own verdict, where it gives one (macOS); it then decides alone, and `availableMb` is only shown. */
  readonly systemLevel: 'normal' | 'warn' | 'critical' | null;
}

/** A probe that failed: which file or program, and why, as half a sentence. */
export interface FailedProbe {
  readonly kind: 'unknown';
  readonly probe: string;
  readonly reason: string;
}

export type Signals = MeasuredSignals | FailedProbe;

/**
 * The share of the time, in percent, in which tasks waited between two looks at the same resource. Quicker than avg10:
 * that takes six seconds to show half of a sudden load.
 * @param elapsedMs between the two looks; 0 gives 0.
 */
export function stallShare(earlier: Stall, later: Stall, elapsedMs: number): number {
  const waitedMs = (later.totalUs - earlier.totalUs) / 1000;
  return elapsedMs > 0 ? Math.min(100, Math.max(0, (waitedMs / elapsedMs) * 100)) : 0;
}
