import { type Capacity, strictest } from '../admission/budget.ts';
import {
  decide,
  describeExcess,
  describeReason,
  ledgerObstacle,
  type Reservation,
  type WaitReason,
} from '../admission/decide.ts';
import { lookAtMachine, type Machine } from '../admission/machine.ts';
import { monotonicMs } from '../clock.ts';
import { countedLeases, type SeenLease } from '../queue/line.ts';
import type { Lease, Ticket } from '../queue/ticket.ts';
import type { Admission } from '../queue/wait.ts';
import type { PressureLevel } from '../telemetry/event.ts';

/** How many looks at the machine take long. */
const slowLooks = 2;

/** For how long a look that was taken in advance may speak for a start, in milliseconds: the kernel's own figures are as old as that. */
const freshMs = 2500;

/** A look at the machine, and when it was begun, in milliseconds of the monotonic clock. */
interface Look {
  readonly machine: Machine;
  readonly at: number;
}

/** Asks admission for the first in line, and remembers what it was told. */
export interface AdmissionGate {
  /** Whether the owner of the ticket may start beside the leases that are held. */
  admit(held: readonly SeenLease[], ticket: Ticket): Admission;
  /**
   * Looks at the machine in advance, twice: node's first two looks take far longer than all later ones, and when the run that holds the
   * queue ends soon, the next one need not look at all. Such a look is taken while that run still has its memory, so it may say that
   * there is room, and never that there is none.
   */
  prepare(): void;
  /** The memory pressure at the latest look; null before the first. */
  pressure(): PressureLevel | null;
  /** What is to be said of the run that it admitted, a sentence without our name; null when nothing is. */
  note(): string | null;
}

export interface GateOptions {
  /** What this run was told that all runs may take. */
  readonly capacity: Capacity;
  readonly maxLoad: number | null;
  /** Prints one sentence, without our name. */
  readonly say: (sentence: string) => void;
  /** Looks at the machine, given the pressure level of the look before. */
  readonly look?: (previous: PressureLevel | null) => Machine;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: () => number;
}

function reservationOf({ memoryMb, slots, measuredMb }: Lease): Reservation {
  return { memoryMb: memoryMb ?? 0, slots, measuredMb };
}

/**
 * A run as a look of seconds ago may count it: with all that it may take still to come. What it was measured to have taken since would
 * be missing in that look, and not count as owed any more.
 */
function untaken({ memoryMb, slots, measuredMb }: Reservation): Reservation {
  return { memoryMb: Math.max(memoryMb, Math.ceil(measuredMb ?? 0)), slots, measuredMb: null };
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
  const { capacity: own, maxLoad, say, look = lookAtMachine, clock = monotonicMs } = options;
  const said = new Set<string>();
  const sayOnce = (sentence: string) => {
    if (!said.has(sentence)) say(sentence);
    said.add(sentence);
  };
  let latest: Look | null = null;
  let looks = 0;
  let exceeds: WaitReason | null = null;
  const lookAgain = (): Machine => {
    const at = clock();
    const machine = look(latest?.machine.pressure.level ?? null);
    latest = { machine, at };
    looks++;
    return machine;
  };
  return {
    pressure: () => latest?.machine.pressure.level ?? null,
    note: () => (exceeds === null ? null : describeExcess(exceeds)),
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
      // However the machine is: the first in line asks twice a second, and a look at the machine takes milliseconds.
      if (full !== null) return { kind: 'wait', reason: describeReason(full) };
      const early =
        latest !== null && clock() - latest.at <= freshMs
          ? decide({ request, running: running.map(untaken), capacity, machine: latest.machine, maxLoad })
          : null;
      const decision =
        early?.kind === 'admit'
          ? early
          : decide({ request, running, capacity, machine: lookAgain(), maxLoad });
      switch (decision.kind) {
        case 'wait':
          return { kind: 'wait', reason: describeReason(decision.reason) };
        case 'admit':
          exceeds = decision.exceeds;
          return { kind: 'admit' };
        default:
          return decision satisfies never;
      }
    },
  };
}
