import type { Environment } from '../../env.ts';
import { installCommand } from '../../install-command.ts';
import { governedScript } from '../../policy/script-launchers.ts';
import type { Runner } from '../../policy/verdict.ts';
import { isHiddenInPnp, type RunnerProgram } from '../find-runner.ts';
import type { LoadBand } from '../pytest/workers.ts';
import type { WorkerLimits } from '../shape.ts';

/** Where and for whom a governed run is planned. */
export interface RunSituation {
  /** The directory of the run, absolute. */
  readonly directory: string;
  readonly environment: Environment;
  readonly envPrefix: string;
  /** Standard input and output are a terminal. */
  readonly isTerminal: boolean;
  readonly limits: WorkerLimits;
  /** CPU slots of the machine: the most workers that a run may be given without being asked for. */
  readonly slots: number;
  /** What `safe-test-runner --workers` says, as pytest-xdist reads it; null when it says nothing. */
  readonly pytestWorkers: string | null;
  /** Looks how busy the machine is. */
  readonly loadBand: () => LoadBand;
}

/** What an intent makes of its arguments. */
export type Plan =
  | {
      readonly kind: 'start';
      readonly runner: Runner;
      readonly program: RunnerProgram;
      readonly args: readonly string[];
      /** How many workers or concurrent tasks it has; null when that is not known. */
      readonly workers: number | null;
      /** It needs the whole queue to itself. */
      readonly exclusive?: true;
      /** Variables that the runner needs for what was settled here. */
      readonly environment?: Environment;
      /** One sentence for the user about what was settled, without our name and its full stop. */
      readonly note?: string;
    }
  /** It runs no tests: it is started as the caller says it, takes no place in the queue and is not written down. */
  | { readonly kind: 'direct'; readonly program: RunnerProgram; readonly args: readonly string[] }
  /** Not allowed as it stands; the sentence ends with what to type instead. */
  | { readonly kind: 'refused'; readonly sentence: string };

/** One thing that a governed run can be asked to do. */
export interface IntentEntry {
  /** One line for the usage text. */
  readonly summary: string;
  plan(args: readonly string[], situation: RunSituation): Plan;
}

/** The refusal when the runner is not installed, with the command that installs it. */
export function notInstalled(name: string, install: string, { directory }: RunSituation): Plan {
  return { kind: 'refused', sentence: `${name} is not installed at or above ${directory}: ${install}` };
}

/** The same for one that is a package, with the package manager that is in use there. */
export function packageNotInstalled(name: string, situation: RunSituation): Plan {
  const { directory } = situation;
  if (!isHiddenInPnp(directory)) return notInstalled(name, installCommand(name, directory), situation);
  return {
    kind: 'refused',
    sentence: `${name} cannot be found at or above ${directory}: where Yarn keeps packages without node_modules, a run starts through it, as in: yarn run ${governedScript} ${name}`,
  };
}
