import { expect, test } from '@jest/globals';
import { monotonicMs } from '../../src/clock.ts';
import { createInterrupt } from '../../src/queue/interrupt.ts';
import { createSleeper } from '../../src/queue/sleeper.ts';
import { waitForTurn } from '../../src/queue/wait.ts';
import { leaseOf, openQueueLab, ownIdentity, plant, ticketOf } from './queue-lab.ts';

test('who is woken while it ends what another run left has no more time for that', async () => {
  const lab = openQueueLab();
  const self = ownIdentity();
  plant(lab.queue, 'leases', leaseOf(1, { ...self, startTime: '1' }));
  const { id: _, after: __, drawnAt: ___, ...request } = ticketOf(2, self);
  const interrupt = createInterrupt();
  const sleeper = createSleeper(interrupt);
  const timeoutMs = 2000;
  const began = monotonicMs();
  let woken = 0;
  const waking = setInterval(() => {
    woken++;
    sleeper.wake();
  }, timeoutMs / 4);
  const turn = await waitForTurn(
    request,
    {
      admit: () => ({ kind: 'wait', reason: 'one at a time' }),
      // Ends only when it is hurried; the wakings end as well, or the last one would end the sleep that is too long.
      reclaim: (_lease, hurry) =>
        new Promise((resolve) => {
          setTimeout(() => clearInterval(waking), timeoutMs * 0.9);
          setTimeout(resolve, 20 * timeoutMs).unref();
          hurry?.addEventListener('abort', () => resolve());
        }),
      findRuns: () => [],
      onWaiting: () => undefined,
      onRedraw: () => undefined,
    },
    { directory: lab.queue, newsMs: () => 30_000, timeoutMs, interrupt, sleeper },
  );
  sleeper.close();
  expect(turn.kind).toBe('timed-out');
  expect(woken).toBeGreaterThan(0);
  // The sleep after the last waking would take the whole time once more.
  expect(monotonicMs() - began).toBeLessThan(1.7 * timeoutMs);
});
