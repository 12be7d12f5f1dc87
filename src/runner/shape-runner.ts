import type { Environment } from '../env.ts';
import type { Runner } from '../policy/verdict.ts';
import { findPackage } from './find-runner.ts';
import { jestWorkers } from './intents/jest.ts';
import { turboTasks } from './intents/turbo.ts';
import { type Shaped, shapeWorkers, type WorkerLimits } from './shape.ts';
import { shapeVitest } from './shape-vitest.ts';

/**
 * Settles the workers of a runner's command line; null for a runner whose workers are left alone.
 * @param directory where it is started, or lies: not every version of it knows the same flags.
 */
export function shapeRunner(
  runner: Runner,
  args: readonly string[],
  limits: WorkerLimits,
  { directory, environment }: { readonly directory: string; readonly environment: Environment },
): Shaped | null {
  switch (runner) {
    case 'jest':
      return shapeWorkers(args, jestWorkers, limits);
    case 'vitest':
      return shapeVitest(args, findPackage(directory, 'vitest')?.version ?? null, limits, environment);
    case 'turbo':
      return shapeWorkers(args, turboTasks, limits);
    case 'pytest':
      return null;
    default:
      return runner satisfies never;
  }
}
