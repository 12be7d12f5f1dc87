import { type Capacity, capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import { lookAtMachine } from '../admission/machine.ts';
import { loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment, type PolicyMode } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { modeInForce } from '../mode.ts';
import { ownName } from '../own-name.ts';
import type { Intent } from '../policy/verdict.ts';
import { lineage, type ProcessIdentity } from '../process-identity.ts';
import { runAbove } from '../queue/lease.ts';
import { mainWorktree } from '../repository.ts';
import { withoutScrubbing } from '../scrubbed.ts';
import type { Settings } from '../settings.ts';
import { openStateDirectory } from '../state-directory.ts';
import { intents } from './intents/index.ts';
import type { Plan } from './intents/intent.ts';
import { type LoadBand, loadBand } from './pytest/workers.ts';
import { parseRunRequest, runDirectory } from './request.ts';
import { type RunSettings, readRunSettings } from './settings.ts';
import type { RunOutput } from './standard-error.ts';
import { endWhenUnwritable } from './standard-streams.ts';
import { startGoverned } from './start.ts';
import { passThrough } from './supervise.ts';

/** Where a governed run is asked for. */
export interface RunContext {
  readonly environment: Environment;
  readonly cwd: string;
  /** Standard input and output are a terminal. Read only where it matters: to find out takes a millisecond. */
  readonly isTerminal: boolean;
  readonly output: RunOutput;
  /** Workers for pytest, where pytest-xdist is there to start them: a number or `auto`. */
  readonly pytestWorkers?: string;
  /** Limits that the command line sets itself; they go before the environment's. Load checks that are off stay off. */
  readonly overrides?: Partial<Pick<Settings, 'testTimeoutSeconds' | 'maxLoad'>>;
}

function usage(own: string): string {
  const lines = Object.entries(intents).map(([name, entry]) => `  ${name.padEnd(16)} ${entry.summary}`);
  return [
    `usage: ${own} run <intent> [-- <arguments>]`,
    '',
    'Waits for its turn in the queue, then starts the workspace’s own runner with capped workers.',
    'Intents:',
    ...lines,
    '',
    `For example: ${own} run jest -- --ci src/cart`,
    `See also: ${own} queue status, ${own} queue cancel <ticket>`,
  ].join('\n');
}

type StartPlan = Extract<Plan, { kind: 'start' }>;

/** Everything that is settled before the run stands in the queue. */
interface Prepared {
  /** The environment for our own settings: what was scrubbed on the way is put back. */
  readonly environment: Environment;
  readonly intent: Intent;
  readonly args: readonly string[];
  readonly directory: string;
  readonly envPrefix: string;
  readonly configuredMode: PolicyMode | undefined;
  readonly settings: RunSettings;
  readonly plan: StartPlan;
  readonly capacity: Capacity;
}

/** A runner that is started as it is asked for, with no place in the queue. */
type DirectStart = Parameters<typeof passThrough>[0];

/** What the command line, told apart from its effects, comes to: a run, a runner that runs no tests, or words and a status. */
type Preparation =
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'direct'; readonly start: DirectStart }
  | { readonly kind: 'over'; readonly status: number; readonly line: string };

/** Looks how busy the machine is, for the workers of a pytest run. */
function lookAtLoad(cpus: number, maxLoad: number | null): LoadBand {
  const { load, pressure } = lookAtMachine(null);
  return loadBand({ load, pressure: pressure.level, cpus, maxLoad });
}

function prepare(
  words: readonly string[],
  context: RunContext,
  family: readonly ProcessIdentity[],
): Preparation {
  const over = (status: number, sentence: string): Preparation => ({
    kind: 'over',
    status,
    line: `test-governor: ${sentence}`,
  });
  const own = ownName(context.environment);
  const request = parseRunRequest(words, own);
  if (request.kind === 'help') return { kind: 'over', status: 0, line: usage(own) };
  if (request.kind === 'refused') return over(exitStatus.usage, request.sentence);

  const directory = runDirectory(context.cwd, context.environment);
  const config = loadConfig(directory);
  const configured = config.kind === 'ok' ? config.config : {};
  const envPrefix = configured.envPrefix ?? defaultEnvPrefix;
  // A package script below turbo may have lost where the queue is, and that it runs below a governed run.
  const pids = family.slice(1).map(({ pid }) => pid);
  const environment = withoutScrubbing(context.environment, envPrefix, pids);
  const read = readRunSettings(environment, envPrefix, config);
  if (read.kind === 'invalid') return over(read.status, `no tests ran. ${read.sentence}`);
  const asked: RunSettings = {
    ...read.settings,
    ...context.overrides,
    ...(read.settings.maxLoad === null ? { maxLoad: null } : {}),
  };
  const { maxLoad, maxWorkersCap, uncounted } = asked;
  const totals = measureTotals();
  const capacity = capacityOf(totals, asked);
  const plan = intents[request.intent].plan(request.args, {
    directory,
    environment,
    envPrefix,
    get isTerminal() {
      return context.isTerminal;
    },
    limits: { cap: maxWorkersCap, cpus: totals.logicalCpu, isFree: uncounted === 'overload' },
    slots: capacity.cpuSlotsTotal,
    pytestWorkers: context.pytestWorkers ?? null,
    loadBand: () => lookAtLoad(totals.logicalCpu, maxLoad),
  });
  if (plan.kind === 'refused') return over(exitStatus.usage, plan.sentence);
  if (plan.kind === 'direct') {
    const { program, args } = plan;
    return { kind: 'direct', start: { program, args, cwd: directory, environment: context.environment } };
  }
  const { intent, args } = request;
  const { mode: configuredMode } = configured;
  // Somebody sits before a watching run, and ends it.
  const settings = plan.exclusive === true ? { ...asked, testTimeoutSeconds: 0 } : asked;
  return {
    kind: 'prepared',
    prepared: { environment, intent, args, directory, envPrefix, configuredMode, settings, plan, capacity },
  };
}

/**
 * `test-governor run …`: plans what the intent asks for, waits for its turn, and runs it. Below a governed run it runs at once:
 * what is above it holds the lease for both, and it would wait for itself. Below a place that a script acquired it does not wait
 * either, and is a run like any other: that script looks after nothing.
 * @returns the exit status: the runner's own, or one of ours (docs/policy.md).
 */
export async function run(words: readonly string[], context: RunContext): Promise<number> {
  const { say } = context.output;
  const family = lineage(process.pid);
  const preparation = prepare(words, context, family);
  if (preparation.kind === 'over') {
    // Help that was asked for is what the command prints; everything else is about it.
    if (preparation.status === 0) {
      endWhenUnwritable('test-governor', process.stdout);
      process.stdout.write(`${preparation.line}\n`);
    } else say(preparation.line);
    return preparation.status;
  }
  if (preparation.kind === 'direct') return passThrough(preparation.start, say);
  const { environment, directory, envPrefix, configuredMode, settings, plan, intent, args, capacity } =
    preparation.prepared;
  if (plan.note !== undefined) say(`test-governor: ${escapeForTerminal(plan.note)}.`);
  const runEnvironment = { ...context.environment, ...plan.environment };
  const location = { environment, envPrefix, cwd: directory, mainWorktree };
  const state = openStateDirectory(location);
  if (runAbove({ environment, envPrefix, cwd: directory, state }, family) !== null) {
    const start = {
      program: plan.program,
      args: plan.args,
      cwd: directory,
      environment: runEnvironment,
    };
    return passThrough(start, say);
  }
  return startGoverned(
    {
      intent,
      runner: plan.runner,
      called: args,
      program: plan.program,
      args: plan.args,
      workers: plan.workers,
      exclusive: plan.exclusive === true,
      family,
      location,
      state,
      environment: runEnvironment,
      settings,
      capacity,
      mode: modeInForce(environment, envPrefix, configuredMode).mode,
    },
    context.output,
  );
}
