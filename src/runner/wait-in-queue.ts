import type { Capacity } from '../admission/budget.ts';
import { monotonicMs } from '../clock.ts';
import { endLease } from '../queue/hold.ts';
import type { TicketRequest } from '../queue/ticket.ts';
import { type Turn, type WaitHooks, type WaitView, waitForTurn } from '../queue/wait.ts';
import type { PressureLevel } from '../telemetry/event.ts';
import { createAdmissionGate } from './admission-gate.ts';
import type { Attention } from './attention.ts';
import { findRuns } from './find-runs.ts';
import { breathe } from './process-tree/pause.ts';
import { processTree } from './process-tree.ts';
import type { ReadyRunner } from './ready-runner.ts';
import type { RunOutput } from './standard-error.ts';
import type { WaitingDisplay } from './waiting-display.ts';

/** What waits, in which queue. */
export interface QueueWait {
  readonly request: TicketRequest;
  readonly directory: string;
  readonly envPrefix: string;
  /** How long to wait, in milliseconds; null for ever. */
  readonly timeoutMs: number | null;
  /** Milliseconds that a run gets to end which was left behind by a supervisor that is gone. */
  readonly graceMs: number;
  /** What all runs of the queue may take together, as far as this one is told. */
  readonly capacity: Capacity;
  /** The load average above which nothing starts; null when load checks are off. */
  readonly maxLoad: number | null;
  readonly attention: Attention;
  /** What is to stand ready while the ticket is the first in line and has to wait. */
  readonly ready?: Pick<ReadyRunner, 'prepare' | 'isStanding'>;
}

/** How a wait ended. */
export interface WaitResult {
  readonly turn: Turn;
  readonly waitedMs: number;
  /** What it last waited for; null when it did not. */
  readonly reason: string | null;
  /** The memory pressure at the latest decision about its admission; null when there was none. */
  readonly pressure: PressureLevel | null;
  /** What is to be said of its admission, a sentence without our name, once the run has been started; null when nothing is. */
  note(): string | null;
}

/** A display that is loaded when there is something to show: nobody needs it who starts at once. */
function lazyDisplay(directory: string, output: RunOutput): WaitingDisplay {
  let opened: WaitingDisplay | null = null;
  return {
    everyMs: () => opened?.everyMs() ?? Number.POSITIVE_INFINITY,
    show(view) {
      const { createWaitingDisplay }: typeof import('./waiting-part.ts') = require('./waiting-part.ts');
      opened ??= createWaitingDisplay(directory, output);
      opened.show(view);
    },
    makeRoom: () => opened?.makeRoom(),
  };
}

/** What a run waits for that has never been the first in line. */
const behindOthers = 'others were before it in the line';

/** Waits for a turn in the queue, tells the user how things stand, and ends what abandoned leases left running. */
export async function waitInQueue(wait: QueueWait, output: RunOutput): Promise<WaitResult> {
  const { directory, envPrefix, graceMs, timeoutMs, capacity, maxLoad } = wait;
  const startedAt = monotonicMs();
  const display = lazyDisplay(directory, output);
  const say = (line: string) => {
    display.makeRoom();
    output.say(line);
  };
  const gate = createAdmissionGate({
    capacity,
    maxLoad,
    say: (sentence) => say(`test-governor: ${sentence}.`),
  });
  const { interrupt, sleeper } = wait.attention;
  let reason: string | null = null;
  let hasWaited = false;
  const note = (view: WaitView) => {
    reason = view.reason ?? reason ?? behindOthers;
  };
  const hooks: WaitHooks = {
    admit: gate.admit,
    reclaim(lease, hurry) {
      hasWaited = true;
      return processTree().reclaimLease(
        { directory, graceMs, say, ...(hurry === undefined ? {} : { hurry }) },
        lease,
      );
    },
    findRuns: (queue) => findRuns(queue, envPrefix),
    onWaiting(view) {
      // There is time to load what the run needs as soon as it has started.
      processTree();
      hasWaited = true;
      note(view);
      if (view.position === 1) {
        gate.prepare();
        wait.ready?.prepare();
      }
      display.show(view);
    },
    onRedraw: (why) =>
      say(`test-governor: lost its place in the queue (${why}); waits at the end of it now.`),
  };
  try {
    const turn = await waitForTurn(wait.request, hooks, {
      directory,
      newsMs: display.everyMs,
      timeoutMs,
      interrupt,
      sleeper,
    });
    // The last look did not come to a wait: with a time of 0 it was the only one.
    if (turn.kind === 'timed-out') note(turn.view);
    // A signal that came with the admission is heard now, or by the run: everything later is passed on to that. So a turn of the
    // event loop is left out where nobody has waited, or a runner stands ready that the terminal has told as well.
    if (hasWaited && wait.ready?.isStanding() !== true) await breathe();
    const result = {
      waitedMs: monotonicMs() - startedAt,
      reason,
      pressure: gate.pressure(),
      note: gate.note,
    };
    const { signal } = interrupt;
    if (turn.kind === 'admitted' && signal !== null) {
      endLease(directory, turn.lease);
      return { ...result, turn: { kind: 'interrupted', signal } };
    }
    return { ...result, turn };
  } finally {
    display.makeRoom();
  }
}
