import { expect, test } from '@jest/globals';
import { guardFrozen } from '../../../src/runner/throttle/guardian.ts';

test('a guardian that the system does not let us start is done without', () => {
  const guardian = guardFrozen({ cgroups: ['x'.repeat(3_000_000)], stopped: [], isComplete: true });
  expect(() => guardian.dismiss()).not.toThrow();
});
