import type { Load } from '../../admission/load.ts';
import type { PressureLevel } from '../../telemetry/event.ts';

/** How busy the machine is, as far as the workers of a pytest run depend on it. */
export type LoadBand = 'low' | 'medium' | 'high';

/** What the band is judged by. */
export interface Busyness {
  readonly load: Load;
  readonly pressure: PressureLevel;
  readonly cpus: number;
  /** The user's `MAX_LOAD`; null when load checks are off, and then the load counts as low. */
  readonly maxLoad: number | null;
}

/** Parts of what the machine can bear, which is its CPUs or `MAX_LOAD`, whatever is less. */
const bands = { medium: 0.4, high: 0.75 } as const;

/** How busy the machine is. A load that cannot be read counts as high, and so does memory pressure. */
export function loadBand({ load, pressure, cpus, maxLoad }: Busyness): LoadBand {
  if (maxLoad === null) return 'low';
  if (load.kind === 'unknown' || pressure === 'critical' || pressure === 'warn') return 'high';
  const part = load.average / Math.max(0.01, Math.min(cpus, maxLoad));
  return part >= bands.high ? 'high' : part >= bands.medium ? 'medium' : 'low';
}

/** The workers that pytest-xdist is given: one at high load, two at medium, as many as there are slots at low (`auto`). */
export function workersFor(band: LoadBand): 1 | 2 | 'auto' {
  switch (band) {
    case 'high':
      return 1;
    case 'medium':
      return 2;
    case 'low':
      return 'auto';
    default:
      return band satisfies never;
  }
}
