import { compareIds, type ThrottleState } from '../../queue/ticket.ts';

/** A running run of the queue that holds itself back, as its lease tells. */
export interface ThrottledRun {
  readonly id: string;
  readonly state: Exclude<ThrottleState, 'exempt'>;
}

/** One look at the machine. */
export interface Strain {
  /** Critical memory pressure: the machine swaps or is about to. */
  readonly isCritical: boolean;
  /**
   * How many tasks want a CPU, averaged over the last few seconds; null when load checks are off or it is not known. Not the load
   * average of the last minute: that lags behind by twenty seconds and more, up and down.
   */
  readonly load: number | null;
  /** The user's `MAX_LOAD`. */
  readonly maxLoad: number;
}

/** What one run does about itself. */
export type ThrottleStep = 'keep' | 'slow' | 'freeze' | 'thaw' | 'restore';

/** What is remembered from look to look. */
export interface ThrottleMemory {
  /** Milliseconds for which the machine has been strained without a break. */
  readonly strainedMs: number;
  /** Milliseconds for which it has been calm without a break. */
  readonly calmMs: number;
  /** Milliseconds since any run of the queue took a step, as far as this one has seen. */
  readonly sinceStepMs: number;
  /** The states of all runs at the look before: when they have changed, somebody took a step. */
  readonly states: string;
}

/** Before the first look. */
export const noThrottleMemory: ThrottleMemory = {
  strainedMs: 0,
  calmMs: 0,
  sinceStepMs: Number.POSITIVE_INFINITY,
  states: '',
};

/** A strain that lasts so long, in milliseconds, is no moment's. */
export const sustainedMs = 2000;

/** Steps down follow each other after so many milliseconds: time to see what the one before did. */
const betweenDownStepsMs = 1500;

/** Steps up follow each other after so many milliseconds of calm; Buck2's scheduler waits three seconds, too. */
export const betweenUpStepsMs = 3000;

/** What is strained stays so until the load is below this part of `MAX_LOAD`: a load that wavers around it does not flap. */
const calmPart = 0.8;

/** Whether the machine is strained at this look, given whether it was at the one before. */
export function isStrained({ isCritical, load, maxLoad }: Strain, wasStrained: boolean): boolean {
  return isCritical || (load !== null && load > (wasStrained ? maxLoad * calmPart : maxLoad));
}

function describeStates(runs: readonly ThrottledRun[]): string {
  return runs.map(({ id, state }) => `${id}:${state}`).join(' ');
}

/** The memory after one look, `elapsedMs` after the one before. */
export function remember(
  before: ThrottleMemory,
  strain: Strain,
  runs: readonly ThrottledRun[],
  elapsedMs: number,
): ThrottleMemory {
  const strained = isStrained(strain, before.strainedMs > 0);
  const states = describeStates(runs);
  return {
    strainedMs: strained ? before.strainedMs + elapsedMs : 0,
    calmMs: strained ? 0 : before.calmMs + elapsedMs,
    sinceStepMs: states === before.states ? before.sinceStepMs + elapsedMs : 0,
    states,
  };
}

/** The youngest run that can be held back further. The oldest is slowed at most, so that the queue always moves on. */
function nextDown(runs: readonly ThrottledRun[]): ThrottledRun | undefined {
  const [oldest] = runs;
  return runs.findLast((run) => (run === oldest ? run.state === 'none' : run.state !== 'frozen'));
}

/** The oldest frozen run, then the oldest slowed one. */
function nextUp(runs: readonly ThrottledRun[]): ThrottledRun | undefined {
  return runs.find(({ state }) => state === 'frozen') ?? runs.find(({ state }) => state === 'slowed');
}

/**
 * What the run `own` does about itself. Pure; every run of the queue asks for itself, from the same leases, and only one of them
 * is meant at a time. A run that has become the oldest goes on at once, whatever the strain.
 * @param runs all runs that hold a lease and count, in any order.
 */
export function nextStep(own: string, runs: readonly ThrottledRun[], memory: ThrottleMemory): ThrottleStep {
  const line = [...runs].sort((a, b) => compareIds(a.id, b.id));
  const me = line.find(({ id }) => id === own);
  if (me === undefined) return 'keep';
  if (me === line[0] && me.state === 'frozen') return 'thaw';
  if (memory.strainedMs >= sustainedMs && memory.sinceStepMs >= betweenDownStepsMs) {
    const next = nextDown(line);
    if (next !== me) return 'keep';
    return me.state === 'none' ? 'slow' : 'freeze';
  }
  if (memory.calmMs >= betweenUpStepsMs && memory.sinceStepMs >= betweenUpStepsMs) {
    if (nextUp(line) !== me) return 'keep';
    return me.state === 'frozen' ? 'thaw' : 'restore';
  }
  return 'keep';
}
