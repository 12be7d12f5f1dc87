import type { PressureLevel } from '../../telemetry/event.ts';
import { probeDarwin } from './darwin.ts';
import { type MeasuredLevel, nextLevel } from './level.ts';
import { probeLinux } from './linux.ts';
import type { FailedProbe, MeasuredSignals, Signals } from './signals.ts';

/** The pressure at one moment, with the signals that it comes from or the probe that failed. */
export type Pressure =
  | { readonly level: MeasuredLevel; readonly signals: MeasuredSignals }
  | { readonly level: 'unknown'; readonly signals: FailedProbe };

/** The file for each platform that can be looked at. */
const probes: Readonly<Partial<Record<NodeJS.Platform, (root: string) => Signals>>> = {
  linux: probeLinux,
  darwin: () => probeDarwin(),
};

/** Looks at the machine once. `root` stands for `/`, `platform` for this one: tests give others. Never throws. */
export function readSignals(root = '/', platform: NodeJS.Platform = process.platform): Signals {
  const probe = probes[platform];
  return probe === undefined
    ? { kind: 'unknown', probe: 'the platform', reason: `${platform} has no probe` }
    : probe(root);
}

/** The pressure that these signals mean after a look that gave `previous` (null for the first look). */
export function judge(previous: PressureLevel | null, signals: Signals): Pressure {
  return signals.kind === 'unknown'
    ? { level: 'unknown', signals }
    : { level: nextLevel(previous, signals), signals };
}
