import type { Environment } from '../env.ts';
import {
  type FewestFlags,
  type Shaped,
  settleWorkers,
  type WorkerFlags,
  type WorkerLimits,
} from './shape.ts';

/** Options of vitest's pools, in both spellings. Those of the pool that is used come before the options for all of them. */
function poolOptions(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`--poolOptions.${name}`, `--pool-options.${name}`]);
}

/** Its flags for the number of workers; https://vitest.dev/guide/cli. */
function workerFlags(): WorkerFlags {
  return {
    counted: [
      '--maxWorkers',
      '--max-workers',
      ...poolOptions('forks.maxForks', 'threads.maxThreads', 'vmForks.maxForks', 'vmThreads.maxThreads'),
    ],
    attached: [],
    single: ['--no-file-parallelism', '--no-fileParallelism'],
    singleInPart: poolOptions(
      'forks.singleFork',
      'threads.singleThread',
      'vmForks.singleFork',
      'vmThreads.singleThread',
    ),
    parallel: ['--fileParallelism', '--file-parallelism'],
    other: [],
    added: '--maxWorkers',
  };
}

/** Its flags for the fewest workers, which only the versions 1 to 3 know; https://v3.vitest.dev/guide/cli. */
function fewestFlags(): FewestFlags {
  return {
    general: ['--minWorkers', '--min-workers'],
    partial: poolOptions('forks.minForks', 'threads.minThreads', 'vmForks.minForks', 'vmThreads.minThreads'),
  };
}

/** How a vitest of one version is told how many workers it has. */
interface VitestWords {
  readonly flags: WorkerFlags;
  /** Variables that win over the command line and the settings; their names are in its resolveConfig, and in no manual. */
  readonly most: readonly string[];
  /** The same for the fewest workers, of which it refuses more. */
  readonly fewest: readonly string[];
}

/** Every version refuses flags that it does not know: `--maxWorkers` is one since 1.1, `--minWorkers` until 3. */
function wordsOf(version: string | null): VitestWords {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const flags = workerFlags();
  if (major === undefined || Number(major) >= 4) return { flags, most: ['VITEST_MAX_WORKERS'], fewest: [] };
  const hasFlags = Number(major) > 1 || (major === '1' && Number(minor) >= 1);
  return {
    flags: hasFlags ? { ...flags, fewest: fewestFlags() } : { ...flags, added: null },
    most: ['VITEST_MAX_THREADS', 'VITEST_MAX_FORKS'],
    fewest: ['VITEST_MIN_THREADS', 'VITEST_MIN_FORKS'],
  };
}

function setAll(names: readonly string[], value: number): Environment {
  return Object.fromEntries(names.map((name) => [name, String(value)]));
}

/**
 * Settles the workers of a vitest. In the versions up to 3 the options of a pool in the project's settings
 * (`poolOptions: { forks: { maxForks: 8 } }`) win over `--maxWorkers`, and only variables win over those. A variable of the caller's own
 * is their word.
 */
export function shapeVitest(
  args: readonly string[],
  version: string | null,
  limits: WorkerLimits,
  environment: Environment,
): Shaped {
  const { flags, most, fewest } = wordsOf(version);
  const said = most
    .map((name) => Number.parseInt(environment[name] ?? '', 10))
    .filter((number) => number > 0);
  if (said.length > 0) {
    const asked = Math.max(...said);
    const workers = limits.isFree ? asked : Math.min(asked, limits.cap ?? asked);
    return { args, workers, environment: workers < asked ? setAll([...most, ...fewest], workers) : {} };
  }
  const { settled, ...shaped } = settleWorkers(args, flags, limits);
  // Where there are no options of pools, the flag is enough.
  return {
    ...shaped,
    environment: settled === null || fewest.length === 0 ? {} : setAll([...most, ...fewest], settled),
  };
}
