import { type Capacity, strictest } from '../admission/budget.ts';
import { decide, describeReason, ledgerObstacle, type Reservation } from '../admission/decide.ts';
import { lookAtMachine, type Machine } from '../admission/machine.ts';
import { countedLeases, type SeenLease } from '../queue/line.ts';
import type { Lease, Ticket } from '../queue/ticket.ts';
import type { Admission } from '../queue/wait.ts';
import type { PressureLevel } from '../telemetry/event.ts';

/** How many looks at the machine take long. */
const slowLooks = 2;

/** Asks admission for the first in line, and remembers what it was told. */
export interface AdmissionGate {
  /** Whether the owner of the ticket may start beside the leases that are held. */
  admit(held: readonly SeenLease[], ticket: Ticket): Admission;
  /** Looks at the machine, only to save time when it is decided: node's first two looks take far longer than all later ones. */
  prepare(): void;
  /** The memory pressure at the latest look; null before the first. */
  pressure(): PressureLevel | null;
}

export interface GateOptions {
  /** What this run was told that all runs may take. */
  readonly capacity: Capacity;
  readonly maxLoad: number | null;
  /** Prints one sentence, without our name. */
  readonly say: (sentence: string) => void;
  /** Looks at the machine, given the pressure level of the look before. */
  readonly look?: (previous: PressureLevel | null) => Machine;
}

function reservationOf({ memoryMb, slots, measuredMb }: Lease): Reservation {
  return { memoryMb: memoryMb ?? 0, slots, measuredMb };
}

/** What the leases themselves forbid, whatever room there is; null when nothing does. */
function obstacle(held: readonly SeenLease[], leases: readonly Lease[], ticket: Ticket): string | null {
  // Its budgets cannot be read: until it is readable or gone, nobody knows what it takes.
  if (held.length > leases.length) return 'a run is there whose lease cannot be read';
  if (leases.some(({ exclusive }) => exclusive)) return 'the run that is there has the whole queue to itself';
  if (ticket.exclusive && leases.length > 0) return 'it needs the whole queue to itself';
  if (leases.some(({ throttle }) => throttle === 'frozen')) {
    return 'the machine is under strain: a run stands still until it has recovered';
  }
  return null;
}

/**
 * The gate between the queue and admission. All runs that share a queue share one capacity: the strictest that any of them was
 * told, and a disagreement is said once.
 */
export function createAdmissionGate(options: GateOptions): AdmissionGate {
  const { capacity: own, maxLoad, say, look = lookAtMachine } = options;
  const said = new Set<string>();
  const sayOnce = (sentence: string) => {
    if (!said.has(sentence)) say(sentence);
    said.add(sentence);
  };
  let level: PressureLevel | null = null;
  let looks = 0;
  const lookAgain = (): Machine => {
    const machine = look(level);
    level = machine.pressure.level;
    looks++;
    return machine;
  };
  return {
    pressure: () => level,
    prepare() {
      if (looks < slowLooks) lookAgain();
    },
    admit(held, ticket) {
      const counted = countedLeases(held);
      const leases = counted.map(({ lease }) => lease).filter((lease) => lease !== null);
      const reason = obstacle(counted, leases, ticket);
      if (reason !== null) return { kind: 'wait', reason };
      const others = leases.map(({ capacity }) => capacity).filter((capacity) => capacity !== null);
      const { capacity, disagreement } = strictest(own, others);
      if (disagreement !== null) sayOnce(disagreement);
      const request = { memoryMb: ticket.memoryMb ?? 0, slots: ticket.slots };
      const running = leases.map(reservationOf);
      const full = running.length > 0 ? ledgerObstacle({ request, running, capacity }) : null;
      // However the machine is: the first in line asks four times a second, and a look at the machine takes milliseconds.
      if (full !== null) return { kind: 'wait', reason: describeReason(full) };
      const decision = decide({ request, running, capacity, machine: lookAgain(), maxLoad });
      switch (decision.kind) {
        case 'wait':
          return { kind: 'wait', reason: describeReason(decision.reason) };
        case 'admit':
          if (decision.note !== null) sayOnce(decision.note);
          return { kind: 'admit' };
        default:
          return decision satisfies never;
      }
    },
  };
}
