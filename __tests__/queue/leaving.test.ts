import { expect, test } from '@jest/globals';
import { cancelTicket } from '../../src/queue/cancel.ts';
import { createInterrupt } from '../../src/queue/interrupt.ts';
import { createSleeper } from '../../src/queue/sleeper.ts';
import { waitForTurn } from '../../src/queue/wait.ts';
import { openQueueLab, ownIdentity, ticketOf } from './queue-lab.ts';

test('who is cancelled and interrupted at one moment leaves nothing behind', async () => {
  const lab = openQueueLab();
  const { id: _, after: __, drawnAt: ___, ...request } = ticketOf(1, ownIdentity());
  const interrupt = createInterrupt();
  const sleeper = createSleeper(interrupt);
  const turn = await waitForTurn(
    request,
    {
      admit(_held, ticket) {
        cancelTicket(lab.queue, ticket);
        interrupt.send('SIGTERM');
        return { kind: 'wait', reason: 'one at a time' };
      },
      reclaim: () => Promise.resolve(),
      findRuns: () => [],
      onWaiting: () => undefined,
      onRedraw: () => undefined,
    },
    { directory: lab.queue, newsMs: () => 30_000, timeoutMs: null, interrupt, sleeper },
  );
  sleeper.close();
  expect(turn).toEqual({ kind: 'interrupted', signal: 'SIGTERM' });
  expect([...lab.list('tickets'), ...lab.list('cancelled')]).toEqual([]);
});
