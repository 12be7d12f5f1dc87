import type { Capacity } from '../admission/budget.ts';
import type { Environment } from '../env.ts';
import { identify, lineage, liveness, type ProcessIdentity } from '../process-identity.ts';
import { endLease, publishLease } from '../queue/hold.ts';
import { leasesAbove } from '../queue/lease.ts';
import { skipQueue } from '../queue/skip.ts';
import type { Lease, TicketRequest, Uncounted } from '../queue/ticket.ts';
import type { Turn } from '../queue/wait.ts';
import { wakeFirst } from '../queue/wake.ts';
import { attend } from './attention.ts';
import type { RunOutput } from './standard-error.ts';
import { type QueueWait, type WaitResult, waitInQueue } from './wait-in-queue.ts';

/** The place that a script asks for. */
export interface PlaceRequest {
  /** The process that will hold it: its death ends the lease. */
  readonly holder: ProcessIdentity;
  readonly class: string;
  /** What it is for, in the script's own words; null when it does not say. */
  readonly label: string | null;
  readonly cwd: string;
  readonly memoryMb: number | null;
  readonly slots: number;
  readonly exclusive: boolean;
  /** The policy override with which it came. */
  readonly overridesPolicy: boolean;
}

/** In which queue, for how long, or why not at all. */
export interface PlaceWait extends Omit<QueueWait, 'request' | 'attention'> {
  /** Its own environment, as it was called. */
  readonly environment: Environment;
  /** Why the queue is skipped; null when it is not. */
  readonly uncounted: 'overload' | 'ci' | null;
}

/** A lease, or how the wait for it ended. */
export type Acquired =
  | { readonly kind: 'acquired'; readonly lease: Lease; readonly waitedMs: number }
  | {
      readonly kind: 'not-acquired';
      readonly turn: Exclude<Turn, { kind: 'admitted' }>;
      readonly waitedMs: number;
      readonly reason: string | null;
    };

function ticketRequest(place: PlaceRequest, waiter: ProcessIdentity, capacity: Capacity): TicketRequest {
  const { label, ...asked } = place;
  return { ...asked, waiter, signature: label, capacity, expectedMs: null };
}

/** Waits in the queue, and listens for signals as long as that takes. */
async function waitListening(wait: Omit<QueueWait, 'attention'>, output: RunOutput): Promise<WaitResult> {
  const attention = attend();
  try {
    return await waitInQueue({ ...wait, attention }, output);
  } finally {
    attention.close();
  }
}

/**
 * Waits for a place in the queue on behalf of another process, which then holds the lease. Below a lease of the same queue it
 * is had at once: the place would wait for what it lies within.
 */
export async function acquirePlace(
  place: PlaceRequest,
  wait: PlaceWait,
  output: RunOutput,
): Promise<Acquired> {
  const { directory } = wait;
  const self = identify(process.pid);
  if (self === null) {
    const error = new Error('this process cannot be identified');
    return { kind: 'not-acquired', turn: { kind: 'failed', error }, waitedMs: 0, reason: null };
  }
  const request = ticketRequest(place, self, wait.capacity);
  const within = leasesAbove(directory, lineage(place.holder.pid), wait);
  const uncounted: Uncounted | null = within.length > 0 ? 'nested' : wait.uncounted;
  const { turn, waitedMs, reason, note } =
    uncounted === null
      ? await waitListening({ ...wait, request }, output)
      : {
          turn: skipQueue(directory, request, uncounted, within),
          waitedMs: 0,
          reason: null,
          note: () => null,
        };
  if (turn.kind !== 'admitted') return { kind: 'not-acquired', turn, waitedMs, reason };
  if (liveness(place.holder) === 'dead') {
    endLease(directory, turn.lease);
    return { kind: 'not-acquired', turn: { kind: 'interrupted', signal: 'SIGHUP' }, waitedMs, reason };
  }
  // When that fails, the ticket from which it was made stands for the lease.
  publishLease(directory, turn.lease);
  wakeFirst(directory);
  const excess = note();
  if (excess !== null) output.say(`test-governor: ${excess}.`);
  return { kind: 'acquired', lease: turn.lease, waitedMs };
}
