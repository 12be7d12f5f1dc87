import type { Capacity } from '../admission/budget.ts';
import { expectedMs, signatureKey } from '../admission/history.ts';
import { openHistory } from '../admission/open-history.ts';
import { requestFor } from '../admission/request.ts';
import type { Environment, PolicyMode } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import type { Intent, Runner } from '../policy/verdict.ts';
import { identify, type ProcessIdentity } from '../process-identity.ts';
import { placesAbove } from '../queue/lease.ts';
import { openQueue } from '../queue/scope.ts';
import type { TicketRequest, Uncounted } from '../queue/ticket.ts';
import { wakeFirstAgain } from '../queue/wake.ts';
import type { StateDirectory, StateLocation } from '../state-directory.ts';
import { normalizedSignature } from '../telemetry/signature.ts';
import type { RunnerProgram } from './find-runner.ts';
import { runGoverned } from './governed-run.ts';
import type { RunSettings } from './settings.ts';
import type { RunOutput } from './standard-error.ts';

/** A governed run before it stands in the queue. */
export interface RunStart {
  readonly intent: Intent;
  readonly runner: Runner;
  /** The arguments that the caller gave to the runner, for the signature and the hash; empty when they are not known. */
  readonly called: readonly string[];
  readonly program: RunnerProgram;
  readonly args: readonly string[];
  /** How many workers or concurrent tasks it has; null when that is not known. */
  readonly workers: number | null;
  readonly exclusive: boolean;
  /** The process that waits for it, and its ancestors. */
  readonly family: readonly ProcessIdentity[];
  /** Where it happens, and where its state lies. */
  readonly location: StateLocation;
  /** The location's state directory. */
  readonly state: StateDirectory;
  /** The environment of the run itself. */
  readonly environment: Environment;
  readonly settings: RunSettings;
  /** What all runs of the queue may take together, as far as this one is told. */
  readonly capacity: Capacity;
  readonly mode: PolicyMode;
}

type Recorder = typeof import('./record-part.ts');

/**
 * What writes a run down. Loaded when the tests have been started, and not after them: in an hour this installation may be another
 * one, or gone (`npm ci`), and the run's status must not depend on that.
 */
function createRecorderLoader() {
  let recorder: Recorder | null = null;
  return (): Recorder | null => {
    try {
      recorder ??= require('./record-part.ts');
    } catch {
      // The caller says that nothing was written down.
      return null;
    }
    return recorder;
  };
}

/**
 * Takes the run's place in the queue, runs it when its turn comes, and writes its event.
 * @returns the exit status: the runner's own, or one of ours (docs/policy.md).
 */
export async function startGoverned(start: RunStart, output: RunOutput): Promise<number> {
  const { location, state, settings, intent, runner, workers, capacity } = start;
  const { say } = output;
  const self = identify(process.pid);
  const place = openQueue(location, settings.scope, state);
  if (place.kind !== 'ok' || self === null) {
    const reason =
      place.kind === 'refused'
        ? `${place.reason}; to mend that: ${place.mend}`
        : 'this process cannot be identified';
    say(`test-governor: no tests ran. The queue cannot be used: ${escapeForTerminal(reason)}`);
    return exitStatus.waitTimedOut;
  }
  const called = { runner, intent, argv: [runner, ...start.called] };
  const signature = normalizedSignature(called);
  const { history, sentence } = openHistory(state.kind === 'ok' ? state.path : place.state);
  if (sentence !== null) say(`test-governor: ${sentence}`);
  const run = { class: intent, signature, workers: workers ?? 1 };
  const { memoryMb, slots } = requestFor(run, history, settings.classBudgetsMb);
  const request: TicketRequest = {
    holder: self,
    waiter: self,
    class: intent,
    signature,
    cwd: location.cwd,
    memoryMb,
    slots,
    exclusive: start.exclusive,
    capacity,
    expectedMs: signature === null ? null : expectedMs(history, signatureKey(signature, slots)),
    overridesPolicy: settings.overridesPolicy,
  };
  // Below a place of the same queue that a script acquired: it would wait for what it lies within.
  const within = settings.uncounted === null ? placesAbove(place.directory, start.family) : [];
  const uncounted: Uncounted | null = within.length > 0 ? 'nested' : settings.uncounted;
  const loadRecorder = createRecorderLoader();
  const report = await runGoverned(
    {
      request,
      program: start.program,
      args: start.args,
      cwd: location.cwd,
      environment: start.environment,
      envPrefix: location.envPrefix,
      settings,
      directory: place.directory,
      scope: place.scope,
      uncounted,
      within,
      capacity,
    },
    output,
    loadRecorder,
  );
  const followUp = wakeFirstAgain(place.directory);
  const recorder = loadRecorder();
  if (recorder === null) {
    say('test-governor: no telemetry: this installation was replaced or removed while the run went on');
  } else if (state.kind === 'ok') {
    const complaints = recorder.recordRun(
      state.path,
      {
        intent,
        runner,
        signature,
        called,
        workers,
        scope: place.scope,
        uncounted,
        overridesPolicy: settings.overridesPolicy,
        mode: start.mode,
      },
      report,
    );
    for (const complaint of complaints) say(`test-governor: ${complaint}`);
  } else {
    say(`test-governor: no telemetry: ${escapeForTerminal(state.reason)}`);
  }
  await followUp;
  return report.status;
}
