import { utimesSync } from 'node:fs';
import { monotonicMs } from '../clock.ts';
import { errorCode } from '../error-code.ts';
import { openProcessTable } from '../process-table.ts';
import { drawTicket, leaveLine } from './draw.ts';
import type { Interrupt } from './interrupt.ts';
import { type Look, lookAtLine, type Observer, type SeenLease } from './line.ts';
import { entryPath, hasEntry, listPlace, moveEntry, removeEntry } from './places.ts';
import type { Sleeper } from './sleeper.ts';
import { createPatience, heartbeatMs, heartbeatOf, type Patience, standingOf } from './standing.ts';
import { createLeaseMemory, type FoundRun, type LeaseMemory, seeStrays } from './strays.ts';
import { isScriptPlace, type Lease, leaseOf, type Ticket, type TicketRequest } from './ticket.ts';

/** Whether the first in line may start. */
export type Admission =
  | { readonly kind: 'admit' }
  /** The reason is one sentence for people. */
  | { readonly kind: 'wait'; readonly reason: string };

/** What the queue does not know itself. */
export interface WaitHooks {
  /** Decides for the first in line, from the leases that are held. */
  admit(held: readonly SeenLease[], ticket: Ticket): Admission;
  /** Ends what an abandoned lease left running, and then the lease itself; `hurry` ends the grace of what is left. */
  reclaim(lease: SeenLease, hurry?: AbortSignal): Promise<void>;
  /** The runs of this queue of which processes live, whether their leases are there or not; null where nobody can tell. */
  findRuns(directory: string): readonly FoundRun[] | null;
  /** Called after every look that did not end the wait. */
  onWaiting(view: WaitView): void;
  /** Called when the place in the line was lost and a new one was drawn; the reason is half a sentence. */
  onRedraw(reason: string): void;
}

/** Where a waiter stands. */
export interface WaitView {
  readonly ticket: Ticket;
  /** 1 for the first in line. */
  readonly position: number;
  /** Why the first in line may not start; null for those behind. */
  readonly reason: string | null;
}

/** How a wait ended. */
export type Turn =
  | { readonly kind: 'admitted'; readonly lease: Lease; readonly waitedMs: number }
  | { readonly kind: 'cancelled' }
  /** Its time was up at a look that saw this. */
  | { readonly kind: 'timed-out'; readonly view: WaitView }
  | { readonly kind: 'interrupted'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface WaitOptions {
  readonly directory: string;
  /** The longest time between two calls of `onWaiting`, in milliseconds: how often a user wants to hear of it. Asked by who waits. */
  newsMs(): number;
  /** How long to wait, in milliseconds; null for ever. */
  readonly timeoutMs: number | null;
  /** Ends the wait. */
  readonly interrupt: Interrupt;
  /** Sleeps between two looks, and wakes up for the interrupt too. */
  readonly sleeper: Sleeper;
}

/** The longest sleep of a waiter that nobody wakes, in milliseconds. */
const longestSleepMs = 30_000;

/**
 * How long a waiter sleeps when nobody wakes it, in milliseconds, by its position. Who waits behind others need only notice that all
 * of them died without a word, the holder too, whose release wakes the first that lives: half a second for the first in
 * line, and four times as long for each further place. A hundred waiters that looked as often as the first would keep a core busy.
 */
function recheckMs(position: number): number {
  return Math.min(500 * 4 ** (position - 1), longestSleepMs);
}

interface WaitStep {
  readonly kind: 'wait';
  readonly view: WaitView;
  /** Null for the first in line, and when its ticket cannot be read. */
  readonly predecessor: Ticket | null;
}

type Step =
  | { readonly kind: 'admitted'; readonly lease: Lease }
  | { readonly kind: 'lost' }
  | { readonly kind: 'reclaim'; readonly leases: readonly SeenLease[] }
  | WaitStep;

/** Makes the lease of a ticket that may start. By a rename, so that it cannot be cancelled any more, or was before. */
function claim(directory: string, ticket: Ticket): Lease | null {
  if (!moveEntry(directory, 'tickets', 'leases', ticket.id)) return null;
  return leaseOf(ticket, Date.now(), null);
}

/** What a machine can be out of for a while: descriptors, memory. */
const shortages: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN'];

/** How long a queue may stay unreadable for want of such a thing, in milliseconds of trying. */
const shortagePatienceMs = 10_000;

/** A look at the line, or what the machine is out of at the moment: nobody loses his place for that. Throws what else the file system says. */
function tryLook(observer: Observer, id: string): Look | { readonly kind: 'none'; readonly code: string } {
  const { directory, patience } = observer;
  const key = `${directory} is listed`;
  try {
    const look = lookAtLine(observer, id);
    patience.lasts(key, 'yes');
    return look;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (!shortages.includes(code) || patience.lasts(key, 'no') > shortagePatienceMs) throw error;
    return { kind: 'none', code };
  }
}

/**
 * One look, and what follows from it.
 * @param reclaimed leases that were reclaimed before: one whose file cannot be removed holds nobody up for ever.
 */
function takeStep(
  observer: Observer,
  ticket: Ticket,
  hooks: WaitHooks,
  reclaimed: ReadonlySet<string>,
  memory: LeaseMemory,
): Step {
  const look = tryLook(observer, ticket.id);
  switch (look.kind) {
    case 'none': {
      const reason = `the queue cannot be looked at for the moment (${look.code})`;
      return { kind: 'wait', view: { ticket, position: 1, reason }, predecessor: null };
    }
    case 'lost':
      return look;
    case 'behind':
      return {
        kind: 'wait',
        view: { ticket, position: look.position, reason: null },
        predecessor: look.predecessor,
      };
    case 'first': {
      const strays = seeStrays(observer, look.leases, hooks.findRuns, memory);
      if (strays === null) {
        const reason = 'the queue is new, and runs of an earlier one get time to show themselves';
        return { kind: 'wait', view: { ticket, position: 1, reason }, predecessor: null };
      }
      const leases = [...look.leases, ...strays].filter(
        ({ kind, id }) => kind === 'held' || !reclaimed.has(id),
      );
      const abandoned = leases.filter((lease) => lease.kind === 'abandoned');
      if (abandoned.length > 0) return { kind: 'reclaim', leases: abandoned };
      const admission = hooks.admit(leases, ticket);
      switch (admission.kind) {
        case 'wait':
          return { kind: 'wait', view: { ticket, position: 1, reason: admission.reason }, predecessor: null };
        case 'admit': {
          const lease = claim(observer.directory, ticket);
          return lease === null ? { kind: 'lost' } : { kind: 'admitted', lease };
        }
        default:
          return admission satisfies never;
      }
    }
    default:
      return look satisfies never;
  }
}

/**
 * What the latest look came to, as long as that holds for one who waits behind another: both tickets are in the line, and the
 * other's process is alive and not stopped. Null when it has to look anew. Costs three small looks, so that a hundred waiters that
 * nobody wakes cost next to nothing.
 */
function stillBehind({ directory, table }: Observer, latest: WaitStep | null): WaitStep | null {
  const predecessor = latest?.predecessor ?? null;
  if (latest === null || predecessor === null) return null;
  const isBehind =
    hasEntry(directory, 'tickets', latest.view.ticket.id) &&
    hasEntry(directory, 'tickets', predecessor.id) &&
    standingOf(predecessor.waiter, table) === 'active';
  return isBehind ? latest : null;
}

/** Takes away what is left of a ticket that is no longer in the line, and gives why it is not. */
function takeLoss(directory: string, id: string): 'cancelled' | 'passed-over' | 'unreadable' | 'removed' {
  for (const place of ['cancelled', 'passed-over', 'unreadable'] as const) {
    if (listPlace(directory, place).includes(id) && removeEntry(directory, place, id)) return place;
  }
  return 'removed';
}

/** Takes a ticket out of the line, and what is left of one that somebody else has just taken out. */
function leaveQueue(directory: string, id: string): void {
  leaveLine(directory, id);
  takeLoss(directory, id);
}

const lossWords = {
  'passed-over': 'this process was stopped, and those behind it were let pass',
  unreadable: 'its ticket could not be read',
  removed: 'its ticket was removed',
} as const;

/**
 * Reclaims leases. Once the wait is over meanwhile (a cancellation, a signal, its time) nothing that is left of them gets more time
 * to end.
 * @param leftMs gives the milliseconds after which the wait may be over by itself.
 */
async function reclaimAll(
  leases: readonly SeenLease[],
  hooks: WaitHooks,
  sleeper: Sleeper,
  isOver: () => boolean,
  leftMs: () => number,
): Promise<void> {
  const hurry = new AbortController();
  let isDone = false;
  const all = Promise.all(leases.map((lease) => hooks.reclaim(lease, hurry.signal))).finally(() => {
    isDone = true;
    sleeper.wake();
  });
  while (!isDone && !isOver()) {
    // Anew each time: whoever wakes us does not give us more time.
    await sleeper.sleep(leftMs());
    sleeper.arm();
  }
  if (!isDone) hurry.abort();
  await all;
}

/** Shows that a waiter lives. A ticket that is gone, or a disk that takes nothing, is the next look's business. */
function showLife(directory: string, ticket: Ticket): void {
  const heartbeat = heartbeatOf(directory, 'tickets', ticket.id);
  if (heartbeat === null || Math.abs(Date.now() - heartbeat) < heartbeatMs) return;
  try {
    const now = new Date();
    utimesSync(entryPath(directory, 'tickets', ticket.id), now, now);
  } catch {
    return;
  }
}

/**
 * Draws a ticket and waits until it is admitted. What the file system refuses is returned; nothing of ours stays in the line
 * however the wait ends.
 *
 * With room for more than one, the next may start as well: who is admitted wakes the first in line as soon as its own work has
 * begun.
 *
 * Only the first in line is asked for its admission, by its own process, so nobody has to agree with anybody. The first look
 * happens before anything else is awaited: in an empty queue there is no wait at all.
 */
export async function waitForTurn(
  request: TicketRequest,
  hooks: WaitHooks,
  options: WaitOptions,
): Promise<Turn> {
  const { directory, timeoutMs, interrupt, sleeper } = options;
  const drawn = drawTicket(directory, request);
  if (drawn.kind === 'failed') return drawn;
  const patience: Patience = createPatience();
  const startedAt = monotonicMs();
  const reclaimed = new Set<string>();
  const memory = createLeaseMemory();
  let { ticket } = drawn;
  // What the latest look came to, when nobody has woken us since.
  let undisturbed: WaitStep | null = null;
  try {
    for (;;) {
      const waitedMs = monotonicMs() - startedAt;
      if (interrupt.signal !== null) {
        leaveQueue(directory, ticket.id);
        return { kind: 'interrupted', signal: interrupt.signal };
      }
      sleeper.arm();
      const table = openProcessTable();
      if (isScriptPlace(request) && standingOf(request.holder, table) === 'gone') {
        // The script that asked for the place was killed. Nobody waits for the answer.
        leaveQueue(directory, ticket.id);
        return { kind: 'interrupted', signal: 'SIGHUP' };
      }
      const observer: Observer = { directory, table, patience };
      const step: Step =
        stillBehind(observer, undisturbed) ?? takeStep(observer, ticket, hooks, reclaimed, memory);
      switch (step.kind) {
        case 'admitted':
          return { kind: 'admitted', lease: step.lease, waitedMs };
        case 'lost': {
          const loss = takeLoss(directory, ticket.id);
          if (loss === 'cancelled') return { kind: 'cancelled' };
          const again = drawTicket(directory, request);
          if (again.kind === 'failed') return again;
          hooks.onRedraw(lossWords[loss]);
          // Leases may have been removed together with it.
          if (loss === 'removed') memory.isDoubtful = true;
          ticket = again.ticket;
          undisturbed = null;
          continue;
        }
        case 'reclaim': {
          const leftMs = () =>
            timeoutMs === null ? longestSleepMs : Math.max(0, startedAt + timeoutMs - monotonicMs());
          const isOver = () =>
            interrupt.signal !== null || hasEntry(directory, 'cancelled', ticket.id) || leftMs() === 0;
          await reclaimAll(step.leases, hooks, sleeper, isOver, leftMs);
          for (const { id } of step.leases) reclaimed.add(id);
          continue;
        }
        case 'wait':
          break;
        default:
          return step satisfies never;
      }
      const { view } = step;
      if (timeoutMs !== null && waitedMs >= timeoutMs) {
        leaveQueue(directory, ticket.id);
        return { kind: 'timed-out', view };
      }
      hooks.onWaiting(view);
      showLife(directory, ticket);
      const left = timeoutMs === null ? Number.POSITIVE_INFINITY : timeoutMs - waitedMs;
      // A ticket before ours that cannot be read has no owner who would wake us: we look as the first in line does.
      const asPosition = step.predecessor === null ? 1 : view.position;
      const isUndisturbed = await sleeper.sleep(Math.min(recheckMs(asPosition), options.newsMs(), left));
      undisturbed = isUndisturbed ? step : null;
    }
  } catch (error) {
    leaveQueue(directory, ticket.id);
    return { kind: 'failed', error };
  }
}
