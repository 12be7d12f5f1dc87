import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from '@jest/globals';
import { identify } from '../../../src/process-identity.ts';
import { lowerPriority, restorePriority } from '../../../src/runner/throttle/priority.ts';

/** A program with a thread that wants a processor all the time. */
const program = `const { Worker } = require('node:worker_threads');
new Worker('for (;;);', { eval: true }).on('online', () => console.log('up'));`;

function prioritiesOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)));
}

test('every thread of a process is slowed, and has its priority back where that is allowed', async () => {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const identity = identify(child.pid ?? 0);
    if (identity === null) throw new Error('the program has ended');
    const before = prioritiesOf(identity.pid);
    const lowered = lowerPriority([{ identity, name: 'node', parent: process.pid }]);
    expect(before.length).toBeGreaterThan(1);
    expect(prioritiesOf(identity.pid).every((priority) => priority >= 10)).toBe(true);
    restorePriority(lowered);
    if (process.geteuid?.() === 0) expect(prioritiesOf(identity.pid)).toEqual(before);
  } finally {
    child.kill('SIGKILL');
  }
});
