import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Environment } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { identify, type ProcessIdentity } from '../process-identity.ts';
import type { RunnerProgram } from './find-runner.ts';
import { firstMomentsMs } from './first-moments.ts';
import { isInForeground, isInOurGroup } from './foreground.ts';
import type { GroupWitness } from './group-witness.ts';
import { processTree } from './process-tree.ts';
import { type RunClock, startRunClock } from './run-clock.ts';
import { type RunnerCommand, type RunnerProcess, startRunner } from './runner-process.ts';

/** What is started, and how long it may take. */
export interface Start {
  readonly program: RunnerProgram;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Environment;
  /** A process that is about to become the runner; null when it is to be started. */
  readonly ready: RunnerProcess | null;
  /** Milliseconds of running time; null for no limit. */
  readonly timeoutMs: number | null;
  /** Milliseconds between asking a run to end and ending it. */
  readonly graceMs: number;
}

/** What the supervisor tells its caller, and asks of it. */
export interface SupervisionHooks {
  /** The runner runs; null for a leader that has ended by now. */
  onStarted(leader: ProcessIdentity | null, clock: RunClock): void;
  /** The run is asked to end, by a signal or as its time is up: from now on nothing of ours must keep it from that. At times twice. */
  onAsked(): void;
  /** The runner has ended. Before everything else: somebody may wait for it. */
  onEnded(): void;
  /** Asks every process of the run to end, and ends those that have not after `graceMs`. Resolves when nothing is left. */
  endAll(graceMs: number): Promise<void>;
}

/** How a run ended. */
export type RunEnd =
  | {
      readonly kind: 'ended';
      readonly status: number;
      readonly timedOut: boolean;
      readonly runMs: number;
    }
  | { readonly kind: 'not-started'; readonly reason: string };

/** Signals that end a run and are passed on to it. Where there is no timeout(1), as on macOS, `perl -e 'alarm …; exec @ARGV'` stands for it. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM'] as const;

type EndingSignal = (typeof endingSignals)[number];

/** Signals that a terminal sends to every process of its foreground group, the runner among them. */
function comesFromTerminal(signal: EndingSignal): boolean {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && isInForeground();
}

/** Signals on their way to the runner. */
interface PassingOn {
  /** The runner runs: from now on there is time to find out to whom a signal was sent. */
  begin(): void;
  /** They end us again. */
  stop(): void;
}

/**
 * Passes signals on to the runner, unless they have reached it by themselves: twice is once too often, vitest ends at once at the
 * second. The first asks it to end; a second one of them, or the end of the grace period after anything but Ctrl-C, ends the whole run.
 * @param isThere false while the runner has been started in this very turn of the event loop. What is heard in this turn was sent
 *   before it was there, or nearly: then it was sent to us alone.
 */
function passSignalsOn(
  child: RunnerProcess,
  isThere: () => boolean,
  graceMs: number,
  hooks: SupervisionHooks,
): PassingOn {
  let received = 0;
  let witness: GroupWitness | null = null;
  const asking = new Set<EndingSignal>();
  const passOn = async (signal: EndingSignal) => {
    asking.add(signal);
    const fromTerminal = comesFromTerminal(signal);
    const addressee = (await witness?.ask(signal)) ?? 'unknown';
    asking.delete(signal);
    switch (addressee) {
      case 'group':
        return;
      case 'unknown':
        if (fromTerminal) return;
        break;
      case 'us':
        break;
      default:
        addressee satisfies never;
    }
    child.kill(signal);
  };
  let timer: NodeJS.Timeout | undefined;
  const handlers = endingSignals.map((signal) => {
    const handler = () => {
      // timeout(1) sends it to us and then to the group.
      if (asking.has(signal)) return;
      received++;
      if (isThere() && child.pid !== undefined && isInOurGroup(child.pid)) void passOn(signal);
      else child.kill(signal);
      if (received === 1) hooks.onAsked();
      if (received > 1) void hooks.endAll(received > 2 ? 0 : graceMs);
      // After Ctrl-C a person watches, and presses it again. Nobody does after the others.
      else if (signal !== 'SIGINT') timer = setTimeout(() => void hooks.endAll(0), graceMs);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return {
    begin() {
      witness ??= processTree().createGroupWitness(firstMomentsMs);
    },
    stop() {
      clearTimeout(timer);
      witness?.close();
      for (const { signal, handler } of handlers) process.off(signal, handler);
    },
  };
}

/** The status of a program that a signal ended, as shells give it. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? exitStatus.blocked) : statusOfSignal(signal);
}

/** The command that starts a runner. */
export function commandOf({ program, args, cwd }: Pick<Start, 'program' | 'args' | 'cwd'>): RunnerCommand {
  const given = [...(program.leading ?? []), ...args];
  return program.kind === 'node'
    ? { file: process.execPath, words: [program.file, ...given], cwd }
    : { file: program.file, words: given, cwd };
}

/** Why a runner could not be started. The system says of a directory that is gone that the program is. */
function whyNotStarted({ message }: Error, cwd: string): string {
  return existsSync(cwd)
    ? message
    : `${escapeForTerminal(cwd)}, where it was to run, does not exist any more`;
}

/**
 * Starts the runner with the user's own stdin, stdout and stderr, in the user's own process group and session, so that it
 * reads from the terminal and Ctrl-C and Ctrl-Z reach it as always; passes signals on, ends the run when its time is up, and
 * waits for its end.
 * @returns the runner's own status, 128+n when signal n ended it, 124 when its time was up.
 */
export function supervise(start: Start, hooks: SupervisionHooks): Promise<RunEnd> {
  const { timeoutMs, graceMs } = start;
  return new Promise((resolve, reject) => {
    const child = start.ready ?? startRunner(commandOf(start), start.environment);
    if (child instanceof Error) {
      resolve({ kind: 'not-started', reason: whyNotStarted(child, start.cwd) });
      return;
    }
    let timedOut = false;
    let hasBegun = false;
    const passingOn = passSignalsOn(child, () => start.ready !== null || hasBegun, graceMs, hooks);
    const clock = startRunClock(timeoutMs, () => {
      timedOut = true;
      hooks.onAsked();
      void hooks.endAll(graceMs);
    });
    const begin = () => {
      if (hasBegun || child.pid === undefined) return;
      hasBegun = true;
      hooks.onStarted(identify(child.pid), clock);
      passingOn.begin();
    };
    // In the next turn, which is soon: what was sent to us until then is heard first, and known to have come before the runner.
    const beginning = setImmediate(() => {
      try {
        begin();
      } catch (error) {
        // A fault of ours, or half of this installation is gone: nobody would look after what has just been started.
        child.kill('SIGKILL');
        finish(() => reject(error));
      }
    });
    const finish = (settle: () => void) => {
      clearImmediate(beginning);
      passingOn.stop();
      clock.stop();
      settle();
    };
    child.onFailure((error) => {
      finish(() => resolve({ kind: 'not-started', reason: whyNotStarted(error, start.cwd) }));
    });
    child.onEnd((code, signal) => {
      const runMs = clock.elapsedMs();
      try {
        begin();
        hooks.onEnded();
      } catch (error) {
        finish(() => reject(error));
        return;
      }
      const status = timedOut ? exitStatus.runTimedOut : statusOf(code, signal);
      finish(() => resolve({ kind: 'ended', status, timedOut, runMs }));
    });
  });
}

/**
 * Starts the runner below a governed run, and waits for its end: what is above it supervises both.
 * @returns the runner's own status.
 */
export function passThrough(
  start: Pick<Start, 'program' | 'args' | 'cwd' | 'environment'>,
  say: (line: string) => void,
): Promise<number> {
  const hooks: SupervisionHooks = {
    onStarted: () => undefined,
    onAsked: () => undefined,
    onEnded: () => undefined,
    endAll: () => Promise.resolve(),
  };
  return supervise({ ...start, ready: null, timeoutMs: null, graceMs: 0 }, hooks).then((end) => {
    if (end.kind === 'ended') return end.status;
    say(
      `test-governor: no tests ran. ${escapeForTerminal(start.program.file)} cannot be started: ${end.reason}`,
    );
    return exitStatus.notFound;
  });
}
