import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity } from '../../src/process-identity.ts';
import { openProcessTable } from '../../src/process-table.ts';
import { drawTicket } from '../../src/queue/draw.ts';
import { endLease } from '../../src/queue/hold.ts';
import { lookAtLine } from '../../src/queue/line.ts';
import { listPlace, moveEntry } from '../../src/queue/places.ts';
import { createPatience } from '../../src/queue/standing.ts';
import { leaseOf, type Ticket } from '../../src/queue/ticket.ts';

// One of several processes that use one queue as fast as they can: `draw` only draws tickets, `hold` waits for its turn as well.
const [, , mode = '', directory = '', count = '0'] = process.argv;

function draw(self: ProcessIdentity): Ticket {
  const drawn = drawTicket(directory, {
    holder: self,
    waiter: self,
    class: 'jest',
    signature: null,
    cwd: '/',
    memoryMb: null,
    slots: 1,
    exclusive: false,
    capacity: null,
    expectedMs: null,
    overridesPolicy: false,
  });
  if (drawn.kind === 'failed') throw drawn.error;
  return drawn.ticket;
}

/** Turns until nobody is before us, then is the only one to hold a file for a moment. */
function takeTurn(ticket: Ticket): void {
  const patience = createPatience();
  for (;;) {
    const look = lookAtLine({ directory, table: openProcessTable(), patience }, ticket.id);
    if (look.kind === 'lost') throw new Error(`${ticket.id} was lost`);
    if (look.kind === 'first' && look.leases.length === 0) break;
  }
  if (!moveEntry(directory, 'tickets', 'leases', ticket.id)) throw new Error(`${ticket.id} was taken`);
  const inside = join(directory, 'inside');
  // Fails when somebody else holds it.
  closeSync(openSync(inside, 'wx'));
  unlinkSync(inside);
  endLease(directory, leaseOf(ticket, Date.now(), null));
}

const self = identify(process.pid);
if (self === null) throw new Error('this process cannot be seen');
for (let turn = 0; turn < Number(count); turn++) {
  const ticket = draw(self);
  const seen = listPlace(directory, 'tickets');
  if (mode === 'hold') takeTurn(ticket);
  writeSync(1, `${JSON.stringify({ id: ticket.id, seen: mode === 'draw' ? seen : [] })}\n`);
}
