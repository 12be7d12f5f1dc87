import type { ClassBudgets } from '../config.ts';
import type { Intent } from '../policy/verdict.ts';
import type { Demand } from './decide.ts';
import { type History, peakP90, signatureKey } from './history.ts';

/** What a run asks for, and what that figure is based on. */
export interface AdmissionRequest extends Demand {
  /** `measured`: the P90 of earlier runs of this signature; `seed`: its class's budget, for want of enough of them. */
  readonly basis: 'measured' | 'seed';
}

/** Which run asks. */
export interface RunDescription {
  readonly class: Intent;
  /** The normalized signature; null when it is not known. */
  readonly signature: string | null;
  /** The workers that it will have after shaping; at least 1. */
  readonly workers: number;
}

/** Megabytes that a run of each class is expected to take before it has been measured; docs/admission.md says why. */
export const seededBudgetsMb: Readonly<Record<Intent, number>> = {
  jest: 2048,
  vitest: 2048,
  changed: 2048,
  turbo: 4096,
  'watch-exclusive': 1024,
  pytest: 1024,
};

/**
 * What a run asks for: a slot for each worker, and as memory the P90 of its signature's peaks once there are enough of
 * them, else its class's budget (the config's over the built-in seed).
 */
export function requestFor(
  run: RunDescription,
  history: History,
  classBudgetsMb: ClassBudgets,
): AdmissionRequest {
  const slots = Math.max(1, Math.ceil(run.workers));
  const measured = run.signature === null ? null : peakP90(history, signatureKey(run.signature, slots));
  return measured === null
    ? { slots, memoryMb: classBudgetsMb[run.class] ?? seededBudgetsMb[run.class], basis: 'seed' }
    : { slots, memoryMb: measured, basis: 'measured' };
}
