/** What the machine shows at one moment; what a platform does not have is null. */
export interface MeasuredSignals {
  readonly kind: 'measured';
  /** Percent of the last ten seconds in which some task waited for memory (PSI's `some avg10`, accounting/psi.rst). */
  readonly memoryStall: number | null;
  /** The same for a CPU. */
  readonly cpuStall: number | null;
  /** The same for a disk. */
  readonly ioStall: number | null;
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
