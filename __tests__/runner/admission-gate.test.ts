import { expect, test } from '@jest/globals';
import type { Machine } from '../../src/admission/machine.ts';
import type { SeenLease } from '../../src/queue/line.ts';
import { createAdmissionGate } from '../../src/runner/admission-gate.ts';
import { leaseOf, ownIdentity, ticketOf } from '../queue/queue-lab.ts';

/** A machine with this much memory to be had. */
function machineAt(level: 'normal' | 'critical', availableMb: number): Machine {
  return {
    pressure: {
      level,
      signals: {
        kind: 'measured',
        memoryStall: 0,
        cpuStall: 0,
        ioStall: 0,
        availableMb,
        totalMb: 16_000,
        systemLevel: null,
      },
    },
    load: { kind: 'measured', average: 0 },
  };
}

const healthy = machineAt('normal', 8000);
const full = machineAt('critical', 100);

/** A gate whose clock and machine are the test's, with the looks that it took. */
function watchedGate() {
  const scene = { now: 0, machine: healthy, looks: 0 };
  const gate = createAdmissionGate({
    capacity: { memoryBudgetMb: 10_000, cpuSlotsTotal: 2 },
    maxLoad: 8,
    say: () => undefined,
    clock: () => scene.now,
    look: () => {
      scene.looks++;
      return scene.machine;
    },
  });
  const ticket = ticketOf(1, ownIdentity(), { memoryMb: 100 });
  return { scene, gate, ticket, admit: () => gate.admit([], ticket).kind };
}

test('a look that was taken in advance spares one at the decision', () => {
  const { scene, gate, admit } = watchedGate();
  expect(gate.pressure()).toBeNull();
  gate.prepare();
  expect({ admission: admit(), looks: scene.looks, pressure: gate.pressure() }).toEqual({
    admission: 'admit',
    looks: 1,
    pressure: 'normal',
  });
});

test('a look that was taken in advance never keeps a run waiting: the decision takes another one', () => {
  const { scene, gate, admit } = watchedGate();
  scene.machine = full;
  gate.prepare();
  scene.machine = healthy;
  expect({ admission: admit(), looks: scene.looks }).toEqual({ admission: 'admit', looks: 2 });
});

test('a look that is older than some seconds counts for nothing', () => {
  const { scene, gate, admit } = watchedGate();
  gate.prepare();
  scene.now += 3000;
  scene.machine = full;
  expect({ admission: admit(), looks: scene.looks }).toEqual({ admission: 'wait', looks: 2 });
});

test('preparing looks twice, as the first looks are slow, however often it is asked for', () => {
  const { scene, gate } = watchedGate();
  for (let times = 0; times < 10; times++) gate.prepare();
  expect(scene.looks).toBe(2);
});

test('in a look that was taken in advance all counts as still to come that runs have reserved', () => {
  const { scene, gate, ticket } = watchedGate();
  scene.machine = machineAt('normal', 4000);
  gate.prepare();
  // Since that look the run has grown into all that it had reserved, and says so.
  const lease = leaseOf(1, ownIdentity(), { memoryMb: 3000, measuredMb: 3000 });
  const held: readonly SeenLease[] = [{ kind: 'held', id: lease.id, lease, stopped: false }];
  scene.machine = machineAt('normal', 1700);
  expect(gate.admit(held, { ...ticket, memoryMb: 2000 })).toMatchObject({ kind: 'wait' });
  expect(scene.looks).toBe(2);
});
