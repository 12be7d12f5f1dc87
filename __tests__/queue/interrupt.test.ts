import { expect, test } from '@jest/globals';
import { createInterrupt } from '../../src/queue/interrupt.ts';

test('an interrupt keeps the first signal, and calls everybody once', () => {
  const interrupt = createInterrupt();
  const called: string[] = [];
  interrupt.whenSent(() => called.push('before'));
  expect(interrupt.signal).toBeNull();
  interrupt.send('SIGTERM');
  interrupt.send('SIGINT');
  expect(interrupt.signal).toBe('SIGTERM');
  expect(called).toEqual(['before']);
  interrupt.whenSent(() => called.push('after'));
  expect(called).toEqual(['before', 'after']);
});
