import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAlive, type ProcessIdentity } from '../../../src/process-identity.ts';
import { findWork, hasLeftovers } from '../../../src/runner/process-tree/find.ts';
import { hasCookie } from '../../../src/runner/process-tree/linux-source.ts';
import type { ProcessRow, ProcessSource } from '../../../src/runner/process-tree/process-source.ts';
import { survey } from '../../../src/runner/process-tree/survey.ts';
import { isUsableCookie, runCgroups } from '../../../src/runner/process-tree/work.ts';
import { cleanUp, identityOf, leaderEnd, modes, newCookie, startEscapeTree, startRun } from './support.ts';

const strays: ProcessIdentity[] = [];
afterEach(() => cleanUp(...strays.splice(0)));

const pidsOf = (found: readonly { readonly identity: ProcessIdentity }[]) =>
  found.map(({ identity }) => identity.pid);

describe.each(modes)('the processes of a run (%s)', (mode) => {
  test('are found with name and parent, oldest first, the escaped ones too', async () => {
    const { work, processes } = await startEscapeTree(mode);
    strays.push(...processes.values());
    const found = findWork(work);
    const expected = [...processes].filter(([name]) => mode === 'cgroups' || name !== 'scrubbed');
    expect(new Set(pidsOf(found))).toEqual(
      new Set([work.leader?.pid, ...expected.map(([, { pid }]) => pid)]),
    );
    expect(found[0]).toEqual({ identity: work.leader, name: 'sh', parent: process.pid });
    const foreground = found.find(({ identity }) => identity.pid === processes.get('foreground')?.pid);
    expect(foreground).toMatchObject({ name: 'sleep', parent: work.leader?.pid });
  });

  test('are left over when one outlives the leader', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" left sleep 900 & read _`, mode);
    const left = await run.process('left');
    run.child.stdin?.end('\n');
    await leaderEnd(run);
    expect(hasLeftovers(run.work)).toBe(true);
    process.kill(left.pid, 'SIGKILL');
    // A zombie for a moment, which has ended.
    while (isAlive(left)) await new Promise(setImmediate);
    expect(hasLeftovers(run.work)).toBe(false);
  });

  test('are not left over when the leader waits for them', async () => {
    const run = await startRun('sleep 0.01 & wait', mode);
    await leaderEnd(run);
    expect(hasLeftovers(run.work)).toBe(false);
    expect(findWork(run.work)).toEqual([]);
  });

  test('are left over also when they are started in the leader’s last moment', async () => {
    for (let round = 0; round < 20; round++) {
      const run = await startRun('sleep 900 & exit 0', mode);
      await leaderEnd(run);
      expect(hasLeftovers(run.work)).toBe(true);
    }
  });

  test('are those of one run, not of another one beside it', async () => {
    const [one, other] = await Promise.all([
      startRun(`sh -c "$mark" x "$D" child sleep 900`, mode),
      startRun(`sh -c "$mark" x "$D" child sleep 900`, mode),
    ]);
    const child = await one.process('child');
    await other.process('child');
    expect(pidsOf(findWork(one.work))).toEqual([one.work.leader?.pid, child.pid]);
  });
});

describe('without control groups', () => {
  test('a child of an earlier seen process is found, whatever its environment', async () => {
    const run = await startRun(
      `setsid env -i /bin/sh -c 'cd "$2"; "$1" -c "$3" x "$2" grandchild /bin/sleep 900' x /bin/sh "$D" "$mark"; true`,
      'fallback',
    );
    const grandchild = await run.process('grandchild');
    const parent = findWork(run.work).find(({ identity }) => identity.pid === grandchild.pid)?.parent ?? 0;
    const known = [{ identity: identityOf(parent), name: 'sh', parent: 1 }];
    const work = { ...run.work, leader: null, cookie: newCookie() };
    expect(findWork(work)).toEqual([]);
    expect(pidsOf(findWork(work, known))).toEqual([parent, grandchild.pid]);
    expect(hasLeftovers(work)).toBe(false);
    expect(hasLeftovers(work, known)).toBe(true);
  });

  test('nothing of an earlier boot is found', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900`, 'fallback');
    await run.process('child');
    const leader = { ...identityOf(run.child.pid ?? 0), bootId: 'another boot' };
    expect(findWork({ ...run.work, leader })).toEqual([]);
  });

  test('a cookie alone finds the run', async () => {
    const cookie = newCookie();
    const child = spawn('sh', ['-c', 'echo; sleep 900 & wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, OTHER_PREFIX_GOVERNED_LEASE: cookie },
    });
    strays.push(identityOf(child.pid ?? 0));
    await once(child.stdout, 'data');
    const work = { cookie, leader: null, cgroups: [] };
    expect(pidsOf(findWork(work))).toContain(child.pid);
    expect(hasLeftovers(work)).toBe(true);
    strays.push(...findWork(work).map(({ identity }) => identity));
  });
});

describe('a cookie', () => {
  const cookie = '0123456789abcdef';

  test.each([
    [`BASESHOP_GOVERNED_LEASE=${cookie}\0`, true],
    [`HOME=/\0BASESHOP_GOVERNED_LEASE=${cookie}\0PATH=/bin\0`, true],
    [`HOME=/\0X_GOVERNED_LEASE=${cookie}`, true],
    [`X_GOVERNED_LEASE=${cookie}0\0`, false],
    [`X_GOVERNED_LEASE=0${cookie}\0`, false],
    [`_GOVERNED_LEASE=${cookie}\0`, false],
    [`X=X_GOVERNED_LEASE=${cookie}\0`, false],
    [`X=a b_GOVERNED_LEASE=${cookie}\0Y_GOVERNED_LEASE=${cookie}\0`, true],
    ['', false],
  ])('in the environment %j counts: %p', (environment, expected) => {
    expect(hasCookie(environment, cookie)).toBe(expected);
  });

  test('is usable when it is long and random enough, and nothing else', () => {
    for (const good of [cookie, `7-${cookie}`, `jest_${cookie}-2`]) expect(isUsableCookie(good)).toBe(true);
    const bad = [
      '',
      'abc',
      '0123456789abcde',
      '0123456-789abcdef',
      `../${cookie}`,
      `${cookie}\n`,
      `a b${cookie}`,
    ];
    for (const text of bad) expect(isUsableCookie(text)).toBe(false);
  });

  test('names the control groups that count', () => {
    const own = `/sys/fs/cgroup/a/test-governor-${cookie}`;
    const others = ['/sys/fs/cgroup', `${own}/below`, `test-governor-${cookie}`, `${own}0`];
    expect(runCgroups({ cookie, leader: null, cgroups: [own, ...others] })).toEqual([own]);
    expect(runCgroups({ cookie: '', leader: null, cgroups: ['/sys/fs/cgroup/test-governor-'] })).toEqual([]);
  });
});

describe('a survey', () => {
  /** Processes that are given as pid → parent and age. */
  /** In place of a cookie: the process is just becoming another program, and shows none. */
  const betweenPrograms = 'between programs';

  function sourceOf(processes: Readonly<Record<number, { parent: number; age: number; cookie?: string }>>) {
    const row = (pid: number): ProcessRow | null => {
      const process = processes[pid];
      if (process === undefined) return null;
      const identity = { pid, startTime: String(process.age), bootId: null, namespace: null };
      return { identity, name: 'x', isStopped: false, residentBytes: 0, ...process };
    };
    const source: ProcessSource = {
      bootId: null,
      namespace: null,
      ageOf: Number,
      pids: () => Object.keys(processes).map(Number),
      has: (pid) => pid in processes,
      row,
      carries({ identity }, cookie) {
        const carried = processes[identity.pid]?.cookie;
        if (carried === betweenPrograms) return 'undecided';
        return carried === cookie ? 'yes' : 'no';
      },
    };
    return source;
  }
  const cookie = '0123456789abcdef';
  const leader = { pid: 100_000_100, startTime: '100', bootId: null, namespace: null };
  const base = 100_000_000;

  test.each([
    ['whose parent lives and is none of the run', base + 90, 'sure'],
    ['that an ancestor of ours has taken', process.ppid, 'unsure'],
    ['that the first process has taken', 1, 'unsure'],
    ['whose parent has just gone', base + 91, 'unsure'],
  ])('a process between two programs %s', (_what, parent, certainty) => {
    const source = sourceOf({
      [base + 90]: { parent: 1, age: 9 },
      [base + 100]: { parent: process.pid, age: 100 },
      [base + 120]: { parent, age: 120, cookie: betweenPrograms },
    });
    const found = survey({ work: { cookie, leader, cgroups: [] }, known: [], source });
    expect({ pids: pidsOf(found.rows), certainty: found.certainty }).toEqual({
      pids: [base + 100],
      certainty,
    });
  });

  test('follows descent, not across a pid that has come to name a younger process', () => {
    const source = sourceOf({
      [base + 100]: { parent: process.pid, age: 100 },
      [base + 101]: { parent: base + 100, age: 101 },
      [base + 102]: { parent: base + 101, age: 102 },
      // Its parent ended, and the pid came to name a younger child of the run: no descendant.
      [base + 103]: { parent: base + 102, age: 101 },
      [base + 104]: { parent: 1, age: 200, cookie },
      [base + 105]: { parent: base + 104, age: 201 },
      [base + 106]: { parent: 1, age: 99, cookie },
      [base + 107]: { parent: 1, age: 300 },
    });
    const { rows } = survey({ work: { cookie, leader, cgroups: [] }, known: [], source });
    expect(pidsOf(rows)).toEqual([100, 101, 102, 104, 105].map((pid) => base + pid));
  });

  test('never has us, our parent, the first process, or what descends from them alone', () => {
    const pid = fc.constantFrom(1, process.ppid, process.pid, ...[1, 2, 3, 4, 5, 6].map((n) => base + n));
    const process_ = fc.record({ parent: pid, age: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.dictionary(pid.map(String), process_), pid, (processes, lead) => {
        const carriers = Object.fromEntries(
          Object.entries(processes).map(([key, value]) => [key, { ...value, cookie }]),
        );
        const identity = { ...leader, pid: lead };
        const found = pidsOf(
          survey({
            work: { cookie, leader: { ...identity, startTime: '1' }, cgroups: [] },
            known: [{ identity: { ...identity, pid: process.pid }, name: '', parent: 0 }],
            source: sourceOf(carriers),
          }).rows,
        );
        for (const never of [1, process.ppid, process.pid]) expect(found).not.toContain(never);
      }),
    );
  });
});
