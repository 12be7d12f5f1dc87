import { drawTicket, leaveLine } from './draw.ts';
import { publishLease } from './hold.ts';
import { moveEntry, removeEntry } from './places.ts';
import { leaseOf, type TicketRequest, type Uncounted } from './ticket.ts';
import type { Turn } from './wait.ts';

/**
 * Takes a lease past everybody who waits, for runs that are allowed to. It is shown by `status` and known to every layer of
 * interception, and nobody waits for it. Not had where somebody was quicker to cancel it; nothing of ours then
 * stays in the line. Never throws.
 * @param within the ids of the leases that a nested one lies within.
 */
export function skipQueue(
  directory: string,
  request: TicketRequest,
  uncounted: Uncounted,
  within: readonly string[],
): Turn {
  const drawn = drawTicket(directory, request);
  if (drawn.kind === 'failed') return drawn;
  const { ticket } = drawn;
  try {
    const isMoved = moveEntry(directory, 'tickets', 'leases', ticket.id);
    if (!isMoved && removeEntry(directory, 'cancelled', ticket.id)) return { kind: 'cancelled' };
  } catch (error) {
    leaveLine(directory, ticket.id);
    return { kind: 'failed', error };
  }
  const lease = leaseOf(ticket, Date.now(), uncounted, within);
  // At once: its ticket does not say that nobody waits for it.
  publishLease(directory, lease);
  return { kind: 'admitted', lease, waitedMs: 0 };
}
