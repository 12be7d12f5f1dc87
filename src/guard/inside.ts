import { dirname, sep } from 'node:path';
import { type Environment, readVariable } from '../env.ts';
import { runners } from '../policy/runners.ts';
import type { Runner } from '../policy/verdict.ts';
import { lineage } from '../process-identity.ts';
import { runAbove } from '../queue/lease.ts';
import { mainWorktree } from '../repository.ts';
import { openStateDirectory } from '../state-directory.ts';
import { readShape, shapeOwn, shapeVariable } from './shape-own.ts';

/** A node that is about to run a test runner. */
export interface RunnerStart {
  readonly pid: number;
  readonly environment: Environment;
  readonly envPrefix: string;
  readonly cwd: string;
  /** The file that it runs, links resolved. */
  readonly mainFile: string;
  /** The runner's own arguments. */
  readonly args: readonly string[];
}

function runnerOf(mainFile: string): Runner | null {
  const isOf = (files: readonly string[]) => files.some((file) => mainFile.endsWith(`${sep}${file}`));
  return runners.find(({ mainFiles }) => isOf(mainFiles))?.runner ?? null;
}

/** How such a runner is to run. */
export interface RunInside {
  readonly args: readonly string[];
  /** Variables that it needs for that, beside its own. */
  readonly environment: Environment;
}

/**
 * What the preload needs to know of a runner that says it runs below a governed run.
 * @returns its arguments, with capped workers where the run wants that; null when it does not run below one: a marker without a live
 * lease above it counts for nothing.
 */
export function runInside(start: RunnerStart): RunInside | null {
  const { environment, envPrefix, cwd, mainFile, args } = start;
  const state = openStateDirectory({ environment, envPrefix, cwd, mainWorktree });
  const lease = runAbove({ environment, envPrefix, cwd, state }, lineage(start.pid));
  if (lease === null) return null;
  const runner = runnerOf(mainFile);
  const limits =
    lease.uncounted === 'overload' ? null : readShape(readVariable(environment, envPrefix, shapeVariable));
  if (limits === null || runner === null) return { args, environment: {} };
  const shaped = shapeOwn(runner, args, limits, dirname(mainFile), environment);
  return { args: shaped.args, environment: shaped.environment ?? {} };
}
