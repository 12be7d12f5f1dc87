import type { PressureLevel } from '../telemetry/event.ts';
import { type Load, readLoadAverage } from './load.ts';
import { judge, type Pressure, readSignals } from './pressure/index.ts';

/** The machine at one moment, as admission and throttling see it. */
export interface Machine {
  readonly pressure: Pressure;
  readonly load: Load;
}

/**
 * Looks at the machine: a few milliseconds, no process started on Linux. Never throws.
 * @param previous the pressure level of the look before, for the hysteresis; null for the first look.
 * @param root stands for `/`: a recorded tree of files.
 */
export function lookAtMachine(previous: PressureLevel | null, root = '/'): Machine {
  return { pressure: judge(previous, readSignals(root)), load: readLoadAverage(root) };
}
