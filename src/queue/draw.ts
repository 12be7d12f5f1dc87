import { errorCode } from '../error-code.ts';
import { randomHex } from '../random-hex.ts';
import { highestReleased } from './last-release.ts';
import { explainedByQueue, listPlace, makePlaces, readEntry, removeEntry, writeEntry } from './places.ts';
import { compareIds, makeId, numberOf, parseLease, type Ticket, type TicketRequest } from './ticket.ts';
import { wakeFirst } from './wake.ts';

/** A ticket in the queue, or why none could be drawn; `error` is what the file system said. */
export type Drawn =
  | { readonly kind: 'drawn'; readonly ticket: Ticket }
  | { readonly kind: 'failed'; readonly error: unknown };

/** How often a draw is tried again before it gives up: each try loses only to others who draw at the same moment. */
const maxTries = 1000;

/**
 * Everything in the queue, in order. Tickets are listed before leases: a ticket that is admitted between the two looks is
 * seen twice rather than not at all.
 */
function listAll(directory: string): readonly string[] {
  const tickets = listPlace(directory, 'tickets');
  return [...new Set([...tickets, ...listPlace(directory, 'leases')])].sort(compareIds);
}

/**
 * True when nobody can have overlooked this ticket. Whoever looked at the queue before it was there and has a later number
 * would take itself for the first, as this one does. Such a one did not draw after this ticket, and says so.
 */
function wasSeenByAllBehind(directory: string, id: string): boolean {
  const next = listAll(directory).find((other) => compareIds(other, id) > 0);
  // After the leases: one that has ended in the meantime is among these. Numbers would go back behind it.
  if (next === undefined) return compareIds(highestReleased(directory) ?? '', id) < 0;
  const text = readEntry(directory, 'tickets', next) ?? readEntry(directory, 'leases', next);
  // Gone in the meantime: who comes after it cannot be judged from here.
  return text !== null && parseLease(text)?.after === id;
}

/** Takes a ticket out of the line; who saw it before its own stands behind it no more, and may be the first now. */
export function leaveLine(directory: string, id: string): void {
  removeEntry(directory, 'tickets', id);
  wakeFirst(directory);
}

/** The ticket with the next free number. Published whole, and drawn again as long as somebody may have overlooked it. */
function tryDraw(directory: string, request: TicketRequest): Ticket | null {
  const last = listAll(directory).at(-1) ?? null;
  const number = Math.max(last === null ? 0 : numberOf(last), numberOf(highestReleased(directory) ?? '')) + 1;
  const random = randomHex(8);
  if (random === null) throw new Error('there are no random numbers to be had');
  const id = makeId(number, random);
  if (id === null) throw new Error(`no ticket can have a higher number than ${number - 1}`);
  const ticket: Ticket = { ...request, id, after: last, drawnAt: Date.now() };
  writeEntry(directory, 'tickets', id, JSON.stringify(ticket));
  if (wasSeenByAllBehind(directory, id)) return ticket;
  leaveLine(directory, id);
  return null;
}

/**
 * Draws a ticket behind all that are there. Never throws.
 *
 * Only the first in line decides about its own admission, so two who both take themselves for the first must not exist. They
 * could only if one drew an earlier number after the other had looked. Each ticket names the one it was drawn after, and is
 * withdrawn when the next one behind it was not drawn after it.
 */
export function drawTicket(directory: string, request: TicketRequest): Drawn {
  let failure: unknown = new Error(`no ticket could be drawn in ${maxTries} tries`);
  for (let tries = 0; tries < maxTries; tries++) {
    try {
      makePlaces(directory);
      const ticket = tryDraw(directory, request);
      if (ticket !== null) return { kind: 'drawn', ticket };
    } catch (error) {
      failure = error;
      // The queue's directory was removed while we wrote into it, or made it: it is made again.
      if (errorCode(error) !== 'ENOENT') break;
    }
  }
  return { kind: 'failed', error: explainedByQueue(failure, directory) };
}
