import type { Capacity } from '../../admission/budget.ts';
import { lookAtMachine, type Machine } from '../../admission/machine.ts';
import { openProcessTable } from '../../process-table.ts';
import { readTicket, seeLeases } from '../../queue/line.ts';
import { listPlace } from '../../queue/places.ts';
import type { QueueScope } from '../../queue/scope.ts';
import { createPatience } from '../../queue/standing.ts';
import { type QueueStatus, readQueueStatus } from '../../queue/status.ts';
import { createAdmissionGate } from '../../runner/admission-gate.ts';
import type { Tally } from './tally.ts';

/** Everything that `status` shows. */
export interface StatusSnapshot {
  readonly queue: QueueStatus;
  readonly budgets: {
    readonly memoryBudgetMb: number;
    readonly memoryReservedMb: number;
    readonly cpuSlotsTotal: number;
    readonly cpuSlotsReserved: number;
  };
  readonly machine: Machine;
  /** Why the first in line may not start at this moment; null when nobody waits or it may. */
  readonly rejectReason: string | null;
  readonly periods: readonly Tally[];
}

/** Where a snapshot is taken. */
export interface SnapshotPlace {
  readonly directory: string;
  readonly scope: QueueScope;
  readonly capacity: Capacity;
  readonly maxLoad: number | null;
}

/** What admission would tell the first in line now. */
function rejectReasonNow({ directory, capacity, maxLoad }: SnapshotPlace, machine: Machine): string | null {
  const [first] = listPlace(directory, 'tickets');
  const ticket = first === undefined ? null : readTicket(directory, first);
  if (ticket === null) return null;
  const gate = createAdmissionGate({ capacity, maxLoad, say: () => undefined, look: () => machine });
  const leases = seeLeases({ directory, table: openProcessTable(), patience: createPatience() });
  const admission = gate.admit(leases, ticket);
  return admission.kind === 'wait' ? admission.reason : null;
}

/** Takes a snapshot of a queue, with the counts that were made of its telemetry. Never throws. */
export function takeSnapshot(place: SnapshotPlace, periods: readonly Tally[]): StatusSnapshot {
  const { directory, scope, capacity } = place;
  const queue = readQueueStatus(directory, scope);
  const counted = queue.holders.filter(({ uncounted }) => uncounted === null);
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  const machine = lookAtMachine(null);
  return {
    queue,
    budgets: {
      memoryBudgetMb: capacity.memoryBudgetMb,
      memoryReservedMb: sum(counted.map(({ memoryMb }) => memoryMb ?? 0)),
      cpuSlotsTotal: capacity.cpuSlotsTotal,
      cpuSlotsReserved: sum(counted.map(({ slots }) => slots)),
    },
    machine,
    rejectReason: rejectReasonNow(place, machine),
    periods,
  };
}
