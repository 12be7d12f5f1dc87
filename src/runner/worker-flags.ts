import type { Runner } from '../policy/verdict.ts';
import { jestWorkers } from './intents/jest.ts';
import { turboTasks } from './intents/turbo.ts';
import { vitestWorkers } from './intents/vitest.ts';
import type { WorkerFlags } from './shape.ts';

/** How each runner's command line speaks of its workers; null for one whose workers are left alone. */
export const workerFlags: Readonly<Record<Runner, WorkerFlags | null>> = {
  jest: jestWorkers,
  vitest: vitestWorkers,
  turbo: turboTasks,
  pytest: null,
};
