import type { PressureLevel } from '../../telemetry/event.ts';
import { formatDecimal, formatMb } from '../figures.ts';
import type { MeasuredSignals } from './signals.ts';

/** A figure crosses `enter` to reach a level, and has to fall back behind `leave` to lose it again. */
interface Threshold {
  readonly enter: number;
  readonly leave: number;
}

/**
 * Percent of the last ten seconds in which some task waited; docs/admission.md gives the reasons. Waiting for a CPU or
 * for a disk is what a busy build looks like: alone it is never critical, only lack of memory is.
 */
const stallThresholds = {
  memory: { warn: { enter: 10, leave: 5 }, critical: { enter: 25, leave: 15 } },
  cpu: { warn: { enter: 60, leave: 40 } },
  io: { warn: { enter: 50, leave: 30 } },
} as const;

/** The share of the memory that is still available, and a number of MB that is plenty on any machine; the less counts. */
interface Scarcity {
  readonly share: number;
  readonly mb: number;
}

const scarcityThresholds = {
  warn: { enter: { share: 0.2, mb: 4096 }, leave: { share: 0.25, mb: 5120 } },
  critical: { enter: { share: 0.1, mb: 2048 }, leave: { share: 0.15, mb: 3072 } },
} as const;

function scarceBelow(totalMb: number, { share, mb }: Scarcity): number {
  return Math.min(Math.floor(totalMb * share), mb);
}

/** Megabytes of available memory at or below which the pressure becomes critical: admission keeps them free. */
export function criticalFloorMb(totalMb: number): number {
  return scarceBelow(totalMb, scarcityThresholds.critical.enter);
}

type Severity = 'warn' | 'critical';

function isHeld(previous: PressureLevel | null, severity: Severity): boolean {
  return previous === 'critical' || (previous === 'warn' && severity === 'warn');
}

function isStalling(stall: number | null, threshold: Threshold, held: boolean): boolean {
  return stall !== null && stall >= (held ? threshold.leave : threshold.enter);
}

function isScarce(signals: MeasuredSignals, severity: Severity, held: boolean): boolean {
  const { enter, leave } = scarcityThresholds[severity];
  return signals.availableMb <= scarceBelow(signals.totalMb, held ? leave : enter);
}

function isCritical(signals: MeasuredSignals, held: boolean): boolean {
  return (
    isStalling(signals.memoryStall, stallThresholds.memory.critical, held) ||
    isScarce(signals, 'critical', held)
  );
}

function isWarning(signals: MeasuredSignals, held: boolean): boolean {
  return (
    isStalling(signals.memoryStall, stallThresholds.memory.warn, held) ||
    isStalling(signals.cpuStall, stallThresholds.cpu.warn, held) ||
    isStalling(signals.ioStall, stallThresholds.io.warn, held) ||
    isScarce(signals, 'warn', held)
  );
}

/** The levels that a look which succeeded can give. */
export type MeasuredLevel = Exclude<PressureLevel, 'unknown'>;

/**
 * The pressure level after one look at the machine. Rises as soon as one signal crosses its threshold and falls when all
 * of them are behind the lower ones, so that a figure that wavers around a threshold does not flap.
 * @param previous the level after the look before, null for the first look.
 */
export function nextLevel(previous: PressureLevel | null, signals: MeasuredSignals): MeasuredLevel {
  if (signals.systemLevel !== null) return signals.systemLevel;
  if (isCritical(signals, isHeld(previous, 'critical'))) return 'critical';
  return isWarning(signals, isHeld(previous, 'warn')) ? 'warn' : 'normal';
}

/** What the signals say, for people: `memory stalls 31.2 %, 1,204 MB of 24,105 MB available`. */
export function describeSignals(signals: MeasuredSignals): string {
  const { memoryStall, availableMb, totalMb, systemLevel } = signals;
  const parts = [
    ...(systemLevel === null ? [] : [`the system says ${systemLevel}`]),
    ...(memoryStall === null ? [] : [`memory stalls ${formatDecimal(memoryStall)} %`]),
    `${formatMb(availableMb)} of ${formatMb(totalMb)} available`,
  ];
  return parts.join(', ');
}
