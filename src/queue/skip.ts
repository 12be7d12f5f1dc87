import { drawTicket } from './draw.ts';
import { publishLease } from './hold.ts';
import { moveEntry } from './places.ts';
import { type Lease, leaseOf, type TicketRequest, type Uncounted } from './ticket.ts';

/** A lease without a wait, or why there is none. */
export type Skipped =
  | { readonly kind: 'admitted'; readonly lease: Lease }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Takes a lease past everybody who waits, for runs that are allowed to. It is shown by `status` and known to every layer of
 * interception, and nobody waits for it. Never throws.
 */
export function skipQueue(directory: string, request: TicketRequest, uncounted: Uncounted): Skipped {
  const drawn = drawTicket(directory, request);
  if (drawn.kind === 'failed') return drawn;
  const { ticket } = drawn;
  try {
    moveEntry(directory, 'tickets', 'leases', ticket.id);
  } catch (error) {
    return { kind: 'failed', error };
  }
  const lease = leaseOf(ticket, Date.now(), uncounted);
  // At once: its ticket does not say that nobody waits for it.
  publishLease(directory, lease);
  return { kind: 'admitted', lease };
}
