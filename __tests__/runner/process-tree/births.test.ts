import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monotonicMs } from '../../../src/clock.ts';
import {
  birthMark,
  birthOf,
  bornSince,
  isBornBetween,
  lastPid,
  mayHaveGoneRound,
} from '../../../src/runner/process-tree/births.ts';

import { identityOf } from './support.ts';

describe('the order of pids', () => {
  test.each([
    { pid: 11, from: 10, to: 20, isBetween: true },
    { pid: 20, from: 10, to: 20, isBetween: true },
    { pid: 10, from: 10, to: 20, isBetween: false },
    { pid: 21, from: 10, to: 20, isBetween: false },
    { pid: 5, from: 10, to: 10, isBetween: false },
    // Pids went over the top.
    { pid: 32_000, from: 31_000, to: 400, isBetween: true },
    { pid: 300, from: 31_000, to: 400, isBetween: true },
    { pid: 400, from: 31_000, to: 400, isBetween: true },
    { pid: 401, from: 31_000, to: 400, isBetween: false },
    { pid: 31_000, from: 31_000, to: 400, isBetween: false },
  ])('puts $pid between $from and $to: $isBetween', ({ pid, from, to, isBetween }) => {
    expect(isBornBetween(pid, from, to)).toBe(isBetween);
  });

  test('splits all pids into those that came before and those that came after', () => {
    const pid = fc.integer({ min: 1, max: 32_767 });
    fc.assert(
      fc.property(pid, pid, pid, (one, from, to) => {
        const isInside = isBornBetween(one, from, to);
        const isOutside = isBornBetween(one, to, from);
        if (from === to) expect(isInside || isOutside).toBe(false);
        else expect(isInside !== isOutside).toBe(true);
      }),
    );
  });

  test('says nothing once so much time has passed that pids may have gone round', () => {
    expect(mayHaveGoneRound(500, 32_768)).toBe(false);
    expect(mayHaveGoneRound(4000, 32_768)).toBe(true);
    expect(mayHaveGoneRound(60_000, 4_194_304)).toBe(false);
    expect(mayHaveGoneRound(600_000, 4_194_304)).toBe(true);
    expect(mayHaveGoneRound(Number.NaN, 4_194_304)).toBe(true);
    expect(mayHaveGoneRound(1, 0)).toBe(true);
    expect(bornSince(null)).toBeNull();
    expect(bornSince({ lastPid: 1, atMs: monotonicMs() - 24 * 3600_000 })).toBeNull();
  });
});

describe('/proc/loadavg', () => {
  test.each([
    ['0.39 0.68 0.34 2/89 8490\n', 8490],
    // gVisor shows a file of zeros.
    ['0.00 0.00 0.00 0/0 0\n', null],
    ['', null],
    [null, null],
  ])('that reads %j has the last pid %p', (text, pid) => {
    expect(lastPid(text)).toBe(pid);
  });
});

describe('a process', () => {
  test('is among those born since a moment before it, not since one after it', () => {
    const before = birthMark()?.lastPid ?? 0;
    const { pid } = spawnSync('true');
    const after = birthMark()?.lastPid ?? 0;
    expect(isBornBetween(pid, before, after)).toBe(true);
    expect(isBornBetween(process.pid, before, after)).toBe(false);
  });

  test('was born when the system says', () => {
    const own = identityOf(process.pid);
    const birth = birthOf(own);
    expect(birth?.lastPid).toBe(process.pid);
    // The system counts in hundredths of a second.
    const ageMs = monotonicMs() - (birth?.atMs ?? Infinity);
    expect(Math.abs(ageMs - performance.now())).toBeLessThan(1000);
  });

  test('was born at no known moment where the uptime is not the machine’s', () => {
    const own = { ...identityOf(process.pid), startTime: '500000' };
    expect(birthOf(own, '12.34 5.00\n')).toBeNull();
    expect(birthOf(own, null)).toBeNull();
    expect(birthOf(own, '6000.00 1.00\n')?.lastPid).toBe(process.pid);
  });
});
