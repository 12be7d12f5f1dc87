import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { below } from '../src/below.ts';

test.each([
  ['/', '.git'],
  ['/', 'proc/self/cgroup'],
  ['/home/a b', 'test-governor.config.json'],
  ['/home/$(x)', 'node_modules/@scope/name'],
  ['relative', 'package.json'],
])('below %s, %s has the path that join gives it', (directory, name) => {
  expect(below(directory, name)).toBe(join(directory, name));
});
