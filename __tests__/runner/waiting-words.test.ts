import { describe, expect, test } from '@jest/globals';
import type { HolderStatus, Outlook } from '../../src/queue/status.ts';
import type { Ticket } from '../../src/queue/ticket.ts';
import { waitingLine, waitingSentence } from '../../src/runner/waiting-words.ts';

const identity = { pid: 41, startTime: '1', bootId: null, namespace: null };

const ticket: Ticket = {
  id: '000000000002-0123456789abcdef',
  after: null,
  drawnAt: 0,
  holder: identity,
  waiter: identity,
  class: 'jest',
  signature: 'jest paths=1',
  cwd: '/home/me/shop',
  memoryMb: 900,
  slots: 2,
  exclusive: false,
  capacity: null,
  expectedMs: 4000,
  overridesPolicy: false,
};

const holder: HolderStatus = {
  id: '000000000001-0123456789abcdef',
  pid: 40,
  class: 'vitest',
  signature: null,
  cwd: '/home/me/shop',
  memoryMb: 900,
  slots: 2,
  exclusive: false,
  overridesPolicy: false,
  heartbeat: null,
  state: 'running',
  uncounted: null,
  throttle: 'none',
  since: null,
  heldMs: 2000,
  expectedMs: 5000,
};

function sentence(outlook: Partial<Outlook>, reason: string | null = null): string {
  const position = outlook.position ?? 1;
  return waitingSentence(
    { ticket, position, reason },
    { position, holders: [], first: null, startsInMs: null, ...outlook },
  );
}

describe('The sentence about a wait', () => {
  test('names who holds the queue, since when, why there is no room beside it, and how long it may take', () => {
    expect(sentence({ holders: [holder], startsInMs: 3000 }, 'cpu: needs 2 slots, 0 of 2 free')).toBe(
      'waiting, 1st in line: vitest (pid 40, /home/me/shop) has run for 2 s; cpu: needs 2 slots, 0 of 2 free; about 3 s to go. Waiting, not hung.',
    );
  });

  test('names the first in line while that one waits for the machine and nobody holds the queue', () => {
    expect(sentence({ position: 2, first: ticket, startsInMs: 4000 })).toBe(
      'waiting, 2nd in line: behind jest paths=1 (pid 41, /home/me/shop), which is first in line and has not started yet; about 4 s once it has. Waiting, not hung.',
    );
    expect(sentence({ position: 3, first: ticket })).toContain('; no estimate yet. Waiting');
  });

  test('gives the first in line its own reason when nobody holds the queue', () => {
    expect(sentence({}, 'load: 9.1 is above 8')).toBe(
      'waiting, 1st in line: load: 9.1 is above 8. Waiting, not hung.',
    );
  });

  test('says so when the queue has become free this moment', () => {
    expect(sentence({ position: 2 })).toContain('the queue is free and it is almost our turn');
  });

  test('does not count a run that skipped the queue as its holder', () => {
    expect(sentence({ holders: [{ ...holder, uncounted: 'overload' }] })).not.toContain('vitest');
  });
});

describe('The line about a wait on a terminal', () => {
  function line(outlook: Partial<Outlook>, reason: string | null = null): string {
    const position = outlook.position ?? 1;
    return waitingLine(
      { ticket, position, reason },
      { position, holders: [], first: null, startsInMs: null, ...outlook },
    );
  }

  test('begins with what matters, so that it can be cut off', () => {
    const full = line({ holders: [holder], startsInMs: 3000 }, 'cpu: needs 2 slots, 0 of 2 free');
    expect(full).toBe(
      'waiting, 1st in line, about 3 s to go; held for 2 s by vitest (pid 40, /home/me/shop); cpu: needs 2 slots, 0 of 2 free',
    );
    expect(full.indexOf('vitest')).toBeLessThan(80 - 'test-governor: '.length);
  });

  test.each<[Partial<Outlook>, string]>([
    [{ holders: [holder] }, 'waiting, 1st in line, no estimate yet; held for 2 s by'],
    [{ holders: [holder], startsInMs: 0 }, 'waiting, 1st in line, longer than usual; held for 2 s by'],
    [{ holders: [{ ...holder, state: 'stopped' }] }, '(pid 40, stopped: kill -CONT lets it go on, /home'],
    [{ position: 2, first: ticket }, 'waiting, 2nd in line: behind jest paths=1 (pid 41'],
    [{ position: 2 }, 'waiting, 2nd in line: almost our turn'],
  ])('for %j has: %s', (outlook, words) => {
    expect(line(outlook)).toContain(words);
  });
});
