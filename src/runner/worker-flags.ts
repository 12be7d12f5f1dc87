import type { Runner } from '../policy/verdict.ts';
import { jestWorkers } from './intents/jest.ts';
import { turboTasks } from './intents/turbo.ts';
import { vitestWorkersIn } from './intents/vitest.ts';
import type { WorkerFlags } from './shape.ts';

/**
 * How a runner's command line speaks of its workers; null for one whose workers are left alone.
 * @param directory where it is started, or lies: not every version of it knows the same flags.
 */
export function workerFlagsFor(runner: Runner, directory: string): WorkerFlags | null {
  switch (runner) {
    case 'jest':
      return jestWorkers;
    case 'vitest':
      return vitestWorkersIn(directory);
    case 'turbo':
      return turboTasks;
    case 'pytest':
      return null;
    default:
      return runner satisfies never;
  }
}
