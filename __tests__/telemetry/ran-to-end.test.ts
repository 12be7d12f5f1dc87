import { expect, test } from '@jest/globals';
import { ranToEnd } from '../../src/telemetry/ran-to-end.ts';

test.each([
  ['jest', 0, true],
  // Failed tests take what passed ones take.
  ['jest', 1, true],
  ['jest', 130, false],
  ['vitest', 143, false],
  // Killed by the kernel for its memory, or crashed: that much it took.
  ['jest', 137, true],
  ['vitest', 134, true],
  ['pytest', 1, true],
  // A collection that failed, and a flag that pytest does not know: no test has run.
  ['pytest', 2, false],
  ['pytest', 4, false],
  ['pytest', 5, false],
  ['jest', 2, true],
  ['jest', null, true],
] as const)('the figures of a %s run that ended with %s count: %s', (runner, exit_code, expected) => {
  expect(ranToEnd({ outcome: 'ended', exit_code, runner })).toBe(expected);
});

test('the figures of a run whose time was up do not count', () => {
  expect(ranToEnd({ outcome: 'timed-out', exit_code: 124, runner: 'jest' })).toBe(false);
});
