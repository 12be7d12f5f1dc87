import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ancestors,
  identify,
  isAlive,
  isSameProcess,
  lineage,
  liveness,
  type ProcessIdentity,
  parseIdentity,
  startedAt,
} from '../src/process-identity.ts';
import { linuxTable, type ProcessTable, parseStat, psTable } from '../src/process-table.ts';
import { scratch } from './telemetry/support.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

/** A program of its own; resolves with the first line that it prints. */
async function launch(command: string, ...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  let text = '';
  while (!text.includes('\n')) {
    const [chunk] = await once(child.stdout, 'data');
    text += String(chunk);
  }
  return { child, line: text.slice(0, text.indexOf('\n')) };
}

/** The identity of a process that must be there. */
function identityOf(pid: number, table?: ProcessTable): ProcessIdentity {
  const identity = identify(pid, table);
  if (identity === null) {
    throw new Error(`process ${pid} is not there`);
  }
  return identity;
}

describe('a process', () => {
  test('that runs is alive under its identity, and under no other', () => {
    const own = identityOf(process.pid);
    expect(own.pid).toBe(process.pid);
    expect(isAlive(own)).toBe(true);
    expect(liveness(own)).toBe('alive');
    expect(isSameProcess(own, identityOf(process.pid))).toBe(true);
    expect(liveness({ ...own, startTime: `${own.startTime}0` })).toBe('dead');
    expect(liveness({ ...own, bootId: 'another boot' })).toBe('dead');
    expect(isSameProcess(own, identityOf(process.ppid))).toBe(false);
  });

  test('that has ended is dead', async () => {
    const { child } = await launch('sh', '-c', 'echo ready; exec cat');
    const identity = identityOf(child.pid ?? 0);
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    expect(identify(identity.pid)).toBeNull();
  });

  test('that is a zombie is dead', async () => {
    // The parent does not collect its child, and says the pid once the child has closed its end of the pipe.
    const program = [
      'import os, sys',
      'r, w = os.pipe()',
      'pid = os.fork()',
      'if pid == 0: os._exit(0)',
      'os.close(w); os.read(r, 1)',
      'os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)',
      'print(pid, flush=True); sys.stdin.read()',
    ].join('\n');
    const { line } = await launch('python3', '-c', program);
    const pid = Number(line);
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(identify(pid)).toBeNull();
    const own = identityOf(process.pid);
    expect(isAlive({ ...own, pid })).toBe(false);
    expect(startedAt(pid)).toBeNull();
  });

  test('started when it started', async () => {
    const before = Date.now();
    const { child } = await launch('sh', '-c', 'echo ready; exec cat');
    const started = startedAt(child.pid ?? 0) ?? 0;
    expect(Math.abs(started - before)).toBeLessThan(10_000);
    expect(started).toBeGreaterThan(startedAt(process.pid) ?? Infinity);
  });

  test('of another user is alive', () => {
    // Whether or not we may look at it: the first process of the machine runs.
    expect(liveness(identityOf(1))).toBe('alive');
  });

  test.each([0, -1, 1.5, Number.NaN, Number.MAX_VALUE])('is never one with the pid %p', (pid) => {
    expect(identify(pid)).toBeNull();
    expect(isAlive({ ...identityOf(process.pid), pid })).toBe(false);
    expect(lineage(pid)).toEqual([]);
    expect(startedAt(pid)).toBeNull();
  });
});

describe('the ancestors of a process', () => {
  test('are its parents up to the first process, nearest first', async () => {
    const { child, line } = await launch('sh', '-c', 'sh -c "echo \\$\\$; cat"; true');
    const pids = ancestors(Number(line)).map(({ pid }) => pid);
    expect(pids.slice(0, 2)).toEqual([child.pid, process.pid]);
    const [self, ...above] = lineage(Number(line));
    expect(self?.pid).toBe(Number(line));
    expect(above.map(({ pid }) => pid)).toEqual(pids);
    const last = identityOf(pids.at(-1) ?? 0);
    // Pid 1, or the first that lives in our pid namespace.
    expect(last.pid === 1 || linuxTable().sight(last.pid)).toBeTruthy();
  });

  test('of a process that is gone are none', () => {
    expect(lineage(2 ** 22 + 1)).toEqual([]);
    expect(ancestors(2 ** 22 + 1)).toEqual([]);
  });

  test('end even where they run in a circle', () => {
    const circle: ProcessTable = {
      bootId: null,
      namespace: null,
      sight: (pid) => ({
        kind: 'running',
        parent: pid === 5 ? 6 : 5,
        startTime: '1',
        startedAt: null,
        stopped: false,
      }),
    };
    expect(lineage(5, circle).map(({ pid }) => pid)).toEqual([5, 6]);
  });
});

describe('what cannot be seen', () => {
  const hidden: ProcessTable = { bootId: 'boot', namespace: null, sight: () => ({ kind: 'hidden' }) };
  const identity: ProcessIdentity = { pid: 7, startTime: '1', bootId: 'boot', namespace: null };

  test('counts as alive', () => {
    expect(liveness(identity, hidden)).toBe('unknown');
    expect(isAlive(identity, hidden)).toBe(true);
    expect(identify(7, hidden)).toBeNull();
  });

  test('in another container counts as alive, whoever has the pid here', () => {
    const elsewhere = { ...identityOf(process.pid), namespace: 'pid:[1]' };
    expect(liveness(elsewhere)).toBe('unknown');
  });

  test('in another time namespace counts as alive: its start time is another one there', () => {
    const place = scratch();
    mkdirSync(join(place.path, 'self/ns'), { recursive: true });
    symlinkSync('pid:[1]', join(place.path, 'self/ns/pid'));
    symlinkSync('time:[2]', join(place.path, 'self/ns/time'));
    const there = linuxTable(place.path);
    place.remove();
    // A pid that no process has here.
    const identity = { pid: 2 ** 22 + 1, startTime: '1', bootId: null };
    expect(liveness({ ...identity, namespace: 'pid:[1]' }, there)).toBe('unknown');
    expect(liveness({ ...identity, namespace: there.namespace }, there)).toBe('dead');
  });

  test('through a missing /proc counts as alive as long as the kernel knows the pid', () => {
    const nothing = linuxTable('/nowhere');
    expect(nothing.bootId).toBeNull();
    expect(nothing.sight(process.pid)).toEqual({ kind: 'hidden' });
    expect(nothing.sight(2 ** 22 + 1)).toEqual({ kind: 'gone' });
  });
});

describe('/proc/<pid>/stat', () => {
  const stat = (name: string, state: string, threads = 1) =>
    `42 (${name}) ${state} 7 42 42 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 ${threads} 0 123456 1000 200 18446744073709551615`;

  test('is read past any name, also one with spaces, newlines and parentheses', () => {
    const name = fc.string({ maxLength: 15 });
    fc.assert(
      fc.property(name, (text) => {
        expect(parseStat(stat(text, 'S'))).toEqual({
          name: text,
          state: 'S',
          parent: 7,
          threads: 1,
          startTime: '123456',
          residentPages: 200,
          isKernelThread: false,
        });
      }),
    );
    expect(parseStat(stat(') Z 1 (', 'R'))?.state).toBe('R');
  });

  test.each(['', 'nonsense', '42 (cut) S 7 42', '42 no parentheses'])('that reads %p is none', (text) => {
    expect(parseStat(text)).toBeNull();
  });

  test('of a leader that ended before its threads is alive, of a dead one gone', () => {
    const place = scratch();
    mkdirSync(join(place.path, '42'));
    const sight = (text: string) => {
      writeFileSync(join(place.path, '42', 'stat'), text);
      return linuxTable(place.path).sight(42).kind;
    };
    expect(sight(stat('node', 'Z', 3))).toBe('running');
    expect(sight(stat('node', 'Z'))).toBe('gone');
    expect(sight(stat('node', 'X', 3))).toBe('gone');
    expect(sight(stat('node', 'T'))).toBe('running');
    place.remove();
  });
});

// As `ps -axo pid=,ppid=,stat=,lstart=` prints it on macOS 14 in the C locale.
const macOutput = `    1     0 Ss   Mon Mar  2 08:15:42 2026
  312     1 S    Mon Mar  2 08:16:10 2026
 9120   312 Ss+  Tue Mar  3 10:00:01 2026
 9344  9120 S+   Tue Mar  3 10:05:33 2026
 9345  9344 Z+   Tue Mar  3 10:05:34 2026
`;

describe('the output of ps, where there is no /proc', () => {
  const mac = psTable(macOutput);

  test('gives identities, ancestors and start times', () => {
    expect(identify(9344, mac)).toEqual({
      pid: 9344,
      startTime: 'Tue Mar  3 10:05:33 2026',
      bootId: 'Mon Mar  2 08:15:42 2026',
      namespace: null,
    });
    expect(ancestors(9344, mac).map(({ pid }) => pid)).toEqual([9120, 312, 1]);
    expect(startedAt(9344, mac)).toBe(Date.parse('2026-03-03T10:05:33Z'));
  });

  test('knows zombies and the dead', () => {
    const shell = identityOf(9120, mac);
    expect(identify(9345, mac)).toBeNull();
    expect(isAlive(shell, mac)).toBe(true);
    expect(isAlive({ ...shell, startTime: 'Tue Mar  3 09:00:00 2026' }, mac)).toBe(false);
    expect(isAlive({ ...shell, pid: 9345 }, mac)).toBe(false);
    expect(isAlive({ ...shell, pid: 2 ** 22 + 1 }, mac)).toBe(false);
    const rebooted = psTable(macOutput.replace('08:15:42', '11:00:00'));
    expect(isAlive(shell, rebooted)).toBe(false);
  });

  test('that is empty calls nobody dead', () => {
    expect(isAlive(identityOf(9120, mac), psTable(''))).toBe(true);
  });

  test('of a real ps agrees with /proc about who is whose child', () => {
    const real = psTable(
      execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart='], {
        encoding: 'latin1',
        env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      }),
    );
    expect(lineage(process.pid, real).map(({ pid }) => pid)).toEqual(
      lineage(process.pid).map(({ pid }) => pid),
    );
    expect(Math.abs((startedAt(process.pid, real) ?? 0) - (startedAt(process.pid) ?? 0))).toBeLessThan(5000);
  });
});

describe('an identity in JSON', () => {
  test('is read back as it was written', () => {
    const own = identityOf(process.pid);
    expect(parseIdentity(JSON.parse(JSON.stringify(own)))).toEqual(own);
  });

  const good = { pid: 1, startTime: '1', bootId: null, namespace: null };
  test.each([
    null,
    7,
    'text',
    [],
    {},
    { ...good, pid: 0 },
    { ...good, pid: '1' },
    { ...good, startTime: 1 },
    { ...good, bootId: undefined },
    { ...good, namespace: 3 },
  ])('is none: %p', (value) => {
    expect(parseIdentity(value)).toBeNull();
  });
});
