import { type Capacity, capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import { expectedMs, signatureKey } from '../admission/history.ts';
import { lookAtMachine } from '../admission/machine.ts';
import { openHistory } from '../admission/open-history.ts';
import { requestFor } from '../admission/request.ts';
import { loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import type { Intent } from '../policy/verdict.ts';
import { identify, lineage } from '../process-identity.ts';
import { leaseAbove } from '../queue/lease.ts';
import { machineStatePath, openQueue } from '../queue/scope.ts';
import type { TicketRequest } from '../queue/ticket.ts';
import { findRepository } from '../repository.ts';
import { openStateDirectory } from '../state-directory.ts';
import { normalizedSignature } from '../telemetry/signature.ts';
import { type RunOutput, runGoverned } from './governed-run.ts';
import { intents } from './intents/index.ts';
import type { Plan } from './intents/intent.ts';
import { type LoadBand, loadBand } from './pytest/workers.ts';
import { modeOf, recordRun } from './record.ts';
import { parseRunRequest, runDirectory } from './request.ts';
import { type RunSettings, readRunSettings } from './settings.ts';
import { passThrough } from './supervise.ts';

/** Where a governed run is asked for. */
export interface RunContext {
  readonly environment: Environment;
  readonly cwd: string;
  /** Standard input and output are a terminal. */
  readonly isTerminal: boolean;
  readonly output: RunOutput;
}

function usage(): string {
  const lines = Object.entries(intents).map(([name, entry]) => `  ${name.padEnd(16)} ${entry.summary}`);
  return [
    'usage: test-governor run <intent> [-- <arguments>]',
    '',
    'Waits for its turn in the queue, then starts the workspace’s own runner with capped workers.',
    'Intents:',
    ...lines,
    '',
    'For example: test-governor run jest -- --ci src/cart',
    'See also: test-governor queue status, test-governor queue cancel <ticket>',
  ].join('\n');
}

type StartPlan = Extract<Plan, { kind: 'start' }>;

/** Everything that is settled before the run stands in the queue. */
interface Prepared {
  readonly context: RunContext;
  readonly intent: Intent;
  readonly args: readonly string[];
  readonly directory: string;
  readonly envPrefix: string;
  readonly configuredMode: 'off' | 'warn' | 'enforce' | undefined;
  readonly settings: RunSettings;
  readonly plan: StartPlan;
  readonly capacity: Capacity;
}

/** What the command line, told apart from its effects, comes to: a run, or words and a status. */
type Preparation =
  | { readonly kind: 'prepared'; readonly prepared: Prepared }
  | { readonly kind: 'over'; readonly status: number; readonly line: string };

function prepare(words: readonly string[], context: RunContext): Preparation {
  const over = (status: number, sentence: string): Preparation => ({
    kind: 'over',
    status,
    line: `test-governor: ${sentence}`,
  });
  const request = parseRunRequest(words);
  if (request.kind === 'help') return { kind: 'over', status: 0, line: usage() };
  if (request.kind === 'refused') return over(exitStatus.usage, request.sentence);

  const { environment } = context;
  const directory = runDirectory(context.cwd, environment);
  const config = loadConfig(directory);
  const configured = config.kind === 'ok' ? config.config : {};
  const envPrefix = configured.envPrefix ?? defaultEnvPrefix;
  const read = readRunSettings(environment, envPrefix, config);
  if (read.kind === 'invalid') return over(read.status, `no tests ran. ${read.sentence}`);
  const totals = measureTotals();
  const capacity = capacityOf(totals, read.settings);
  const plan = intents[request.intent].plan(request.args, {
    directory,
    environment,
    envPrefix,
    isTerminal: context.isTerminal,
    limits: {
      cap: read.settings.maxWorkersCap,
      cpus: totals.logicalCpu,
      isFree: read.settings.uncounted === 'overload',
    },
    slots: capacity.cpuSlotsTotal,
    loadBand: () => lookAtLoad(totals.logicalCpu, read.settings.maxLoad),
  });
  if (plan.kind === 'refused') return over(exitStatus.usage, plan.sentence);
  const { intent, args } = request;
  // Somebody sits before a watching run, and ends it.
  const settings = plan.exclusive === true ? { ...read.settings, testTimeoutSeconds: 0 } : read.settings;
  const { mode: configuredMode } = configured;
  return {
    kind: 'prepared',
    prepared: { context, intent, args, directory, envPrefix, configuredMode, settings, plan, capacity },
  };
}

/** Looks how busy the machine is, for the workers of a pytest run. */
function lookAtLoad(cpus: number, maxLoad: number | null): LoadBand {
  const { load, pressure } = lookAtMachine(null);
  return loadBand({ load, pressure: pressure.level, cpus, maxLoad });
}

function mainWorktree(from: string): string | null {
  return findRepository(from)?.mainWorktree ?? null;
}

/**
 * `test-governor run …`: plans what the intent asks for, waits for its turn, and runs it. Below a governed run it runs at once:
 * what is above it holds the lease for both, and it would wait for itself.
 * @returns the exit status: the runner's own, or one of ours (docs/policy.md).
 */
export async function run(words: readonly string[], context: RunContext): Promise<number> {
  const { say } = context.output;
  const preparation = prepare(words, context);
  if (preparation.kind === 'over') {
    say(preparation.line);
    return preparation.status;
  }
  const { prepared } = preparation;
  const { environment } = context;
  const { directory, envPrefix, settings, plan, intent, capacity } = prepared;
  if (plan.note !== undefined) say(`test-governor: ${escapeForTerminal(plan.note)}.`);
  const runEnvironment = { ...environment, ...plan.environment };
  const location = { environment, envPrefix, cwd: directory, mainWorktree };
  const state = openStateDirectory(location);
  const queues = [
    ...(state.kind === 'ok' ? [state.path] : []),
    machineStatePath(environment, envPrefix, directory),
  ];
  if (leaseAbove(queues, lineage(process.pid)) !== null) {
    return passThrough(
      { program: plan.program, args: plan.args, cwd: directory, environment: runEnvironment },
      say,
    );
  }
  const self = identify(process.pid);
  const place = openQueue(location, settings.scope);
  if (place.kind !== 'ok' || self === null) {
    const reason = place.kind === 'refused' ? place.reason : 'this process cannot be identified';
    say(`test-governor: no tests ran. The queue cannot be used: ${escapeForTerminal(reason)}`);
    return exitStatus.waitTimedOut;
  }
  const called = { runner: plan.runner, intent, argv: [plan.runner, ...prepared.args] };
  const signature = normalizedSignature(called);
  const { history, sentence } = await openHistory(state.kind === 'ok' ? state.path : place.state);
  if (sentence !== null) say(`test-governor: ${escapeForTerminal(sentence)}`);
  const workers = plan.workers ?? 1;
  const demand = requestFor({ class: intent, signature, workers }, history, settings.classBudgetsMb);
  const request: TicketRequest = {
    holder: self,
    waiter: self,
    class: intent,
    signature,
    cwd: directory,
    memoryMb: demand.memoryMb,
    slots: demand.slots,
    exclusive: plan.exclusive === true,
    capacity,
    expectedMs: signature === null ? null : expectedMs(history, signatureKey(signature, demand.slots)),
    overridesPolicy: settings.overridesPolicy,
  };
  const report = await runGoverned(
    {
      request,
      program: plan.program,
      args: plan.args,
      cwd: directory,
      environment: runEnvironment,
      envPrefix,
      settings,
      directory: place.directory,
      scope: place.scope,
      capacity,
    },
    context.output,
  );
  if (state.kind === 'ok') {
    const complaints = await recordRun(
      state.path,
      {
        intent,
        runner: plan.runner,
        signature,
        called,
        workers: plan.workers,
        scope: place.scope,
        uncounted: settings.uncounted,
        overridesPolicy: settings.overridesPolicy,
        mode: modeOf(environment, envPrefix, prepared.configuredMode),
      },
      report,
    );
    for (const complaint of complaints) say(`test-governor: ${complaint}`);
  }
  return report.status;
}
