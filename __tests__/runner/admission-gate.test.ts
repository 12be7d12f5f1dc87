import { expect, test } from '@jest/globals';
import type { Machine } from '../../src/admission/machine.ts';
import { createAdmissionGate } from '../../src/runner/admission-gate.ts';
import { ownIdentity, ticketOf } from '../queue/queue-lab.ts';

const healthy: Machine = {
  pressure: {
    level: 'normal',
    signals: {
      kind: 'measured',
      memoryStall: 0,
      cpuStall: 0,
      ioStall: 0,
      availableMb: 8000,
      totalMb: 16_000,
      systemLevel: null,
    },
  },
  load: { kind: 'measured', average: 0 },
};

test('a gate looks at the machine twice before it is asked, however often it is prepared, and at every decision', () => {
  let looks = 0;
  const gate = createAdmissionGate({
    capacity: { memoryBudgetMb: 1000, cpuSlotsTotal: 2 },
    maxLoad: 8,
    say: () => undefined,
    look: () => {
      looks++;
      return healthy;
    },
  });
  expect(gate.pressure()).toBeNull();
  for (let times = 0; times < 10; times++) gate.prepare();
  expect({ looks, pressure: gate.pressure() }).toEqual({ looks: 2, pressure: 'normal' });
  const ticket = ticketOf(1, ownIdentity(), { memoryMb: 100 });
  expect(gate.admit([], ticket)).toEqual({ kind: 'admit' });
  expect(gate.admit([], ticket)).toEqual({ kind: 'admit' });
  expect(looks).toBe(4);
});
