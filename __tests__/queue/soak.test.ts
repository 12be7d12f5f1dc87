import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

// What `npm run soak:queue` does for minutes, a few rounds of it.
test('contenders that are killed, stopped, signalled and cancelled never run two at once, get lost or stuck', async () => {
  const soak = join(guardedRoot, 'scripts/soak-queue.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [soak, '--seed', '7', '--rounds', '6'], {
    env: baseEnvironment(),
  });
  expect(stdout).toMatch(/^Nothing found: seed 7/m);
}, 300_000);
