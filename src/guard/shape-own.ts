import { availableParallelism } from 'node:os';
import { literal } from '../policy/argument.ts';
import { runnerCall } from '../policy/runner-call.ts';
import type { Runner } from '../policy/verdict.ts';
import { type Shaped, shapeWorkers } from '../runner/shape.ts';
import { workerFlags } from '../runner/worker-flags.ts';

/**
 * Caps the workers of a runner that somebody starts with a command line of their own: two where it names none. What runs no tests
 * (`turbo prune`, `jest --version`) stays as it is, because it may not know the flag.
 * @param args the runner's own arguments.
 * @param isFree nothing is added: only the number that the command line names is read.
 */
export function shapeOwn(runner: Runner, args: readonly string[], isFree = false): Shaped {
  const flags = workerFlags[runner];
  if (flags === null || runnerCall(runner, args.map(literal)).kind === 'harmless') {
    return { args, workers: null };
  }
  return shapeWorkers(args, flags, { cap: null, cpus: availableParallelism(), isFree });
}
