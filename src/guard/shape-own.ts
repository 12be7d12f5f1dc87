import { availableParallelism } from 'node:os';
import type { Environment } from '../env.ts';
import { literal } from '../policy/argument.ts';
import { runnerCall } from '../policy/runner-call.ts';
import type { Runner } from '../policy/verdict.ts';
import { countSaid, saidOfWorkers } from '../runner/pytest/command-line.ts';
import type { Shaped, WorkerLimits } from '../runner/shape.ts';
import { shapeRunner } from '../runner/shape-runner.ts';

/** What the config says of workers, and whether they are shaped at all. */
export type OwnLimits = Pick<WorkerLimits, 'cap' | 'isFree'>;

function pytestWorkers(args: readonly string[], environment: Environment): number | null {
  const said = saidOfWorkers(args);
  return said.kind === 'workers' ? countSaid(said.value, environment, availableParallelism()) : null;
}

/**
 * Caps the workers of a runner that somebody starts with a command line of their own: two where it names none, its own number
 * otherwise, up to the config's cap. What runs no tests
 * (`turbo prune`, `jest --version`) stays as it is, because it may not know the flag.
 * @param args the runner's own arguments.
 * @param directory where it is started, or lies.
 */
export function shapeOwn(
  runner: Runner,
  args: readonly string[],
  limits: OwnLimits,
  directory: string,
  environment: Environment,
): Shaped {
  if (runnerCall(runner, args.map(literal)).kind === 'harmless') return { args, workers: null };
  const place = { directory, environment };
  const shaped = shapeRunner(runner, args, { ...limits, cpus: availableParallelism() }, place);
  // pytest runs in one process unless it is told otherwise; what it is told counts, and stays.
  return shaped ?? { args, workers: pytestWorkers(args, environment) };
}

/** The variable's name, without our prefix, by which a run tells the runners below it that their workers are capped. */
export const shapeVariable = 'GOVERNED_SHAPE';

/** What that variable holds: the config's cap, or that there is none. */
export function writeShape({ cap }: OwnLimits): string {
  return cap === null ? 'uncapped' : String(cap);
}

/** Reads it; null for what no run of ours has written. */
export function readShape(value: string | undefined): OwnLimits | null {
  if (value === 'uncapped') return { cap: null, isFree: false };
  return value !== undefined && /^[1-9]\d{0,5}$/.test(value) ? { cap: Number(value), isFree: false } : null;
}
