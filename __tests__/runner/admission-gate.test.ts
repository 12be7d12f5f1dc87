import { expect, test } from '@jest/globals';
import type { Machine } from '../../src/admission/machine.ts';
import { identify } from '../../src/process-identity.ts';
import { makeId, type Ticket } from '../../src/queue/ticket.ts';
import { createAdmissionGate } from '../../src/runner/admission-gate.ts';

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

function ticketOf(): Ticket {
  const self = identify(process.pid);
  const id = makeId(1, '0123456789abcdef');
  if (self === null || id === null) throw new Error('this process cannot be identified');
  return {
    id,
    after: null,
    drawnAt: 0,
    holder: self,
    waiter: self,
    class: 'jest',
    signature: null,
    cwd: '/',
    memoryMb: 100,
    slots: 1,
    exclusive: false,
    capacity: null,
    expectedMs: null,
    overridesPolicy: false,
  };
}

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
  expect(gate.admit([], ticketOf())).toEqual({ kind: 'admit' });
  expect(gate.admit([], ticketOf())).toEqual({ kind: 'admit' });
  expect(looks).toBe(4);
});
