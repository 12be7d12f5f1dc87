import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { identify, type ProcessIdentity } from '../../src/process-identity.ts';
import { removeEntry } from '../../src/queue/places.ts';
import { findFirst, findFirstAgain, rouseFirst } from '../../src/queue/wake.ts';
import { isStopped, openQueueLab, plant, ticketOf, until } from './queue-lab.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Listener {
  readonly process: ProcessIdentity;
  readonly child: ChildProcess;
  /** The signals that it has heard so far, once it has heard this one. */
  heard(signal: NodeJS.Signals): Promise<readonly string[]>;
}

/** A process that says which signals it hears. */
async function listener(): Promise<Listener> {
  const script =
    "for (const s of ['SIGURG', 'SIGCONT', 'SIGUSR2']) process.on(s, () => console.log(s)); setInterval(() => 0, 1000); console.log('up')";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said: string[] = [];
  child.stdout.on('data', (data) => said.push(...String(data).trim().split('\n')));
  await until(() => said.includes('up'));
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('the listener cannot be seen');
  return {
    process: identity,
    child,
    async heard(signal) {
      await until(() => said.includes(signal));
      return said.filter((word) => word !== 'up');
    },
  };
}

/** What a listener has heard by now: signals arrive in order. */
function heardSoFar({ child, heard }: Listener): Promise<readonly string[]> {
  child.kill('SIGUSR2');
  return heard('SIGUSR2');
}

describe('the end of the tests', () => {
  test('rouses the waiter that was the first in line, and does not tell it to look', async () => {
    const { queue } = openQueueLab();
    const [first, second] = [await listener(), await listener()];
    plant(queue, 'tickets', ticketOf(1, first.process));
    plant(queue, 'tickets', ticketOf(2, second.process));
    rouseFirst(queue, findFirst(queue));
    expect(await first.heard('SIGURG')).toEqual(['SIGURG']);
    expect(await heardSoFar(second)).toEqual(['SIGUSR2']);
  });

  test('rouses whoever is first now, where the one that was it has its turn, and leaves that one alone', async () => {
    const { queue } = openQueueLab();
    const [first, second] = [await listener(), await listener()];
    const ticket = ticketOf(1, first.process);
    plant(queue, 'tickets', ticket);
    plant(queue, 'tickets', ticketOf(2, second.process));
    const known = findFirst(queue);
    removeEntry(queue, 'tickets', ticket.id);
    rouseFirst(queue, known);
    expect(await second.heard('SIGURG')).toEqual(['SIGURG']);
    expect(await heardSoFar(first)).toEqual(['SIGUSR2']);
  });

  test.each(['killed', 'stopped'])('rouses the next one where the one that was known was %s', async (how) => {
    const { queue } = openQueueLab();
    const [first, second] = [await listener(), await listener()];
    plant(queue, 'tickets', ticketOf(1, first.process));
    plant(queue, 'tickets', ticketOf(2, second.process));
    const known = findFirst(queue);
    if (how === 'killed') {
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
    } else {
      first.child.kill('SIGSTOP');
      await until(() => isStopped(first.process.pid));
    }
    rouseFirst(queue, known);
    expect(await second.heard('SIGURG')).toEqual(['SIGURG']);
  });

  test('rouses nobody in an empty line', () => {
    const { queue } = openQueueLab();
    expect(() => rouseFirst(queue, null)).not.toThrow();
  });
});

test('who was the first in line is looked for again only when another one stands there', async () => {
  const { queue } = openQueueLab();
  const [first, second] = [await listener(), await listener()];
  const ticket = ticketOf(1, first.process);
  plant(queue, 'tickets', ticket);
  const known = findFirst(queue);
  expect(findFirstAgain(queue, known)).toBe(known);
  plant(queue, 'tickets', ticketOf(2, second.process));
  expect(findFirstAgain(queue, known)).toBe(known);
  removeEntry(queue, 'tickets', ticket.id);
  expect(findFirstAgain(queue, known)?.process).toEqual(second.process);
  expect(findFirstAgain(queue, null)?.process).toEqual(second.process);
});
