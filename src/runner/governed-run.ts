import type { Capacity } from '../admission/budget.ts';
import { formatDuration, formatLimit } from '../durations.ts';
import type { Environment } from '../env.ts';
import { systemReason } from '../error-code.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { ownName } from '../own-name.ts';
import { type HeldLease, holdLease } from '../queue/hold.ts';
import type { QueueScope } from '../queue/scope.ts';
import { skipQueue } from '../queue/skip.ts';
import type { TicketRequest, Uncounted } from '../queue/ticket.ts';
import type { Turn } from '../queue/wait.ts';
import { rouseFirst, wakeFirst } from '../queue/wake.ts';
import { wakeSignal } from '../queue/wake-one.ts';
import type { PressureLevel, RunOutcome } from '../telemetry/event.ts';
import { type Attention, attend } from './attention.ts';
import type { RunnerProgram } from './find-runner.ts';
import { endLeftovers, sayLeftovers } from './leftovers.ts';
import type { PeakMemory } from './process-tree/memory.ts';
import { pause } from './process-tree/pause.ts';
import { processTree } from './process-tree.ts';
import { createReadyRunner, type ReadyRunner } from './ready-runner.ts';
import { insideEnvironment, leaseVariable, surroundingEnvironment } from './run-environment.ts';
import { createRunWatch } from './run-watch.ts';
import { limitMs, type RunSettings } from './settings.ts';
import type { RunOutput } from './standard-error.ts';
import { commandOf, type RunEnd, statusOfSignal, supervise } from './supervise.ts';
import { type WaitResult, waitInQueue } from './wait-in-queue.ts';
import { keepWork } from './work-keeper.ts';

/** What one governed run starts, and in which queue. */
export interface GovernedRun {
  readonly request: TicketRequest;
  readonly program: RunnerProgram;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Environment;
  readonly envPrefix: string;
  readonly settings: RunSettings;
  readonly directory: string;
  readonly scope: QueueScope;
  /** Why it skips the queue; null when it does not. */
  readonly uncounted: Uncounted | null;
  /** The ids of the leases that a nested one lies within. */
  readonly within: readonly string[];
  /** What all runs of the queue may take together, as far as this one is told. */
  readonly capacity: Capacity;
}

/** Everything that is known of a governed run after its end, for its status and its telemetry. */
export interface RunReport {
  readonly status: number;
  readonly outcome: RunOutcome;
  readonly admitted: boolean;
  readonly queuedMs: number;
  readonly waitReason: string | null;
  readonly runMs: number | null;
  readonly peak: PeakMemory | null;
  readonly leftBehind: number | null;
  /** The memory pressure at the latest decision about its admission; null when there was none. */
  readonly pressure: PressureLevel | null;
  readonly throttledMs: number | null;
}

/** Says how a wait ended that led to no run, with what to type next. */
function reportNoTurn(
  turn: Exclude<Turn, { kind: 'admitted' }>,
  { waitedMs, reason, pressure }: WaitResult,
  environment: Environment,
  output: RunOutput,
): RunReport {
  const own = ownName(environment);
  const base = {
    admitted: false,
    queuedMs: waitedMs,
    waitReason: reason,
    runMs: null,
    peak: null,
    leftBehind: null,
    pressure,
    throttledMs: null,
  };
  switch (turn.kind) {
    case 'cancelled':
      output.say(`test-governor: cancelled while it waited (${own} queue cancel); no tests ran.`);
      return { ...base, status: exitStatus.cancelled, outcome: 'cancelled' };
    case 'interrupted':
      output.say('test-governor: interrupted while it waited; no tests ran.');
      return { ...base, status: statusOfSignal(turn.signal), outcome: 'cancelled' };
    case 'timed-out':
      output.say(
        `test-governor: no tests ran. Gave up after ${formatDuration(waitedMs)} in the queue${reason === null ? '' : ` (${escapeForTerminal(reason)})`}; "${own} queue status" shows who runs and who waits.`,
      );
      return { ...base, status: exitStatus.waitTimedOut, outcome: 'wait-timed-out' };
    case 'failed':
      output.say(
        `test-governor: no tests ran. The queue cannot be used: ${systemReason(turn.error, 'a queue file')}; "${own} doctor" says more.`,
      );
      return { ...base, status: exitStatus.waitTimedOut, outcome: 'not-started' };
    default:
      return turn satisfies never;
  }
}

/**
 * For how long a run that has ended stands still when another one waits to start, in milliseconds. Both would take their processor
 * time from each other (the kernel at times puts the one that is woken behind its waker), and somebody waits for that one.
 */
const successorMs = 4;

/** What a run that was admitted ended with. */
type HeldEnd = Pick<RunReport, 'status' | 'outcome' | 'runMs' | 'peak' | 'leftBehind' | 'throttledMs'>;

/** What its caller does when the tests have been started. */
interface StartHooks {
  /** Before everything else. */
  announce(): void;
  /** Once everybody has been told. */
  onStarted(): void;
}

/** Runs what holds a lease, to its very end: when this returns, nothing of the run is left and the lease is given back. */
async function runHolding(
  run: GovernedRun,
  held: HeldLease,
  ready: ReadyRunner,
  output: RunOutput,
  hooks: StartHooks,
): Promise<HeldEnd> {
  const { settings, envPrefix } = run;
  // Before everything else: the next job's own start is what somebody waits for.
  const standing = ready.become(held.lease.id);
  const work = keepWork(held.lease.id, { usesCgroups: settings.usesCgroups });
  const maxLoad = run.uncounted === null ? settings.maxLoad : null;
  const watch = createRunWatch({
    directory: run.directory,
    held,
    work,
    maxLoad,
    say: output.say,
  });
  let hasLeftovers = false;
  let isBeingEnded = false;
  let isSuccessorWoken = false;
  const giveBack = () => {
    watch.stop();
    isSuccessorWoken = held.release() || isSuccessorWoken;
  };
  // Somebody continues us alone (`kill -CONT` with our pid): all of the run was stopped with us.
  const onContinued = () => {
    if (!watch.isFrozen()) work.letGoOn();
  };
  try {
    const end: RunEnd = await supervise(
      {
        program: run.program,
        args: run.args,
        cwd: run.cwd,
        environment: insideEnvironment(run, held.lease),
        ready: standing,
        timeoutMs: limitMs(settings.testTimeoutSeconds),
        graceMs: settings.killGraceSeconds * 1000,
      },
      {
        onStarted(leader, clock) {
          hooks.announce();
          work.started(leader);
          process.on(wakeSignal, onContinued);
          const throttle = maxLoad === null ? 'exempt' : 'none';
          held.update({ leader, cgroups: work.cgroups(), throttle });
          watch.started(clock, wakeFirst(run.directory));
          hooks.onStarted();
        },
        onAsked() {
          watch.stop();
          // What stands still hears of a signal only when it goes on.
          work.letGoOn();
        },
        onEnded() {
          // The first in line comes out of a long sleep while we see whether anything is left; the release tells it to look.
          rouseFirst(run.directory, watch.successor());
          hasLeftovers = work.hasLeftovers();
          // The next run waits for nothing else: all that is still to be said and done comes after it.
          if (!hasLeftovers) giveBack();
          // What is left gets a time to end, and is not to stand still in it.
          else watch.stop();
        },
        endAll: async (graceMs) => {
          isBeingEnded = true;
          await work.end(graceMs);
        },
      },
    );
    switch (end.kind) {
      case 'not-started':
        output.say(
          `test-governor: no tests ran. ${escapeForTerminal(run.program.file)} cannot be started: ${end.reason}`,
        );
        return {
          status: exitStatus.notFound,
          outcome: 'not-started',
          runMs: null,
          peak: null,
          leftBehind: null,
          throttledMs: null,
        };
      case 'ended': {
        const peak = work.peak();
        if (end.timedOut) {
          output.say(
            `test-governor: the run was ended: its time was up (${formatLimit(settings.testTimeoutSeconds * 1000)}, ${envPrefix}_TEST_TIMEOUT).`,
          );
        }
        const left = hasLeftovers ? await endLeftovers(work, settings.killGraceSeconds * 1000, output) : null;
        // The next run does not wait for words either.
        giveBack();
        // What was told to end together with the runner is not left behind by it.
        if (left !== null) sayLeftovers(isBeingEnded ? { ...left, ended: [] } : left, output);
        return {
          status: end.status,
          outcome: end.timedOut ? 'timed-out' : 'ended',
          runMs: end.runMs,
          peak: work.peak() ?? peak,
          leftBehind: isBeingEnded ? 0 : (left?.ended.length ?? 0),
          throttledMs: watch.throttledMs(),
        };
      }
      default:
        return end satisfies never;
    }
  } catch (error) {
    // A fault of ours: the run must not live on beside the next one.
    await work.end(0);
    throw error;
  } finally {
    process.off(wakeSignal, onContinued);
    giveBack();
    if (isSuccessorWoken) await pause(successorMs);
    await work.close();
  }
}

async function takeTurn(
  run: GovernedRun,
  attention: Attention,
  ready: ReadyRunner,
  output: RunOutput,
): Promise<WaitResult> {
  const { uncounted, directory } = run;
  const { queueTimeoutSeconds, killGraceSeconds, maxLoad } = run.settings;
  const graceMs = killGraceSeconds * 1000;
  if (uncounted === null) {
    const { request, envPrefix, capacity } = run;
    const timeoutMs = queueTimeoutSeconds * 1000;
    return waitInQueue(
      { request, directory, envPrefix, timeoutMs, graceMs, capacity, maxLoad, ready, attention },
      output,
    );
  }
  const { interrupt } = attention;
  if (uncounted === 'nested') {
    await processTree().endNestedOrphans({ directory, graceMs, say: output.say }, interrupt);
  }
  const { signal } = interrupt;
  const turn: Turn =
    signal === null
      ? skipQueue(directory, run.request, uncounted, run.within)
      : { kind: 'interrupted', signal };
  return { turn, waitedMs: 0, reason: null, pressure: null, note: () => null };
}

/**
 * Waits for the run's turn, runs it, and cleans up after it.
 * @param onStarted called once the tests have been started and everybody has been told.
 */
export async function runGoverned(
  run: GovernedRun,
  output: RunOutput,
  onStarted: () => void,
): Promise<RunReport> {
  const attention = attend();
  try {
    return await waitAndRun(run, attention, output, onStarted);
  } finally {
    attention.close();
  }
}

async function waitAndRun(
  run: GovernedRun,
  attention: Attention,
  output: RunOutput,
  onStarted: () => void,
): Promise<RunReport> {
  const ready = createReadyRunner(
    commandOf(run),
    () => surroundingEnvironment(run, run.request.holder),
    leaseVariable(run),
  );
  try {
    const result = await takeTurn(run, attention, ready, output);
    const { turn, waitedMs, reason, pressure, note } = result;
    if (turn.kind !== 'admitted') return reportNoTurn(turn, result, run.environment, output);
    // Said after the start: the tests take far longer to say anything, and nobody waits for words.
    const announce = () => {
      const excess = note();
      if (excess !== null) output.say(`test-governor: ${excess}.`);
      if (reason === null) return;
      output.say(`test-governor: starts now, after ${formatDuration(waitedMs)} in the queue.`);
    };
    const held = holdLease(run.directory, turn.lease);
    const end = await runHolding(run, held, ready, output, { announce, onStarted });
    return { ...end, admitted: true, queuedMs: waitedMs, waitReason: reason, pressure };
  } finally {
    ready.discard();
  }
}
