import { drawTicket } from './draw.ts';
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
  return { kind: 'admitted', lease: leaseOf(ticket, Date.now(), uncounted) };
}
