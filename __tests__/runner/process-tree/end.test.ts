import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isAlive, type ProcessIdentity } from '../../../src/process-identity.ts';
import { openRunCgroups, removeRunCgroups } from '../../../src/runner/process-tree/cgroup.ts';
import { endWork } from '../../../src/runner/process-tree/end.ts';
import { findWork, hasLeftovers } from '../../../src/runner/process-tree/find.ts';
import { freezeWork } from '../../../src/runner/process-tree/freeze.ts';
import { linuxSource } from '../../../src/runner/process-tree/linux-source.ts';
import { observeWork } from '../../../src/runner/process-tree/observe.ts';
import { openSignaller } from '../../../src/runner/process-tree/signal.ts';
import { scratch } from '../../telemetry/support.ts';
import { bundleProgram } from './bundle.ts';
import {
  cleanUp,
  escapes,
  identityOf,
  leaderEnd,
  modes,
  newCookie,
  startEscapeTree,
  startRun,
  survivors,
  until,
} from './support.ts';

const strays: ProcessIdentity[] = [];
const groups: string[] = [];
let place = scratch();
beforeEach(() => {
  place = scratch();
});
afterEach(async () => {
  await cleanUp(...strays.splice(0));
  await removeRunCgroups(groups.splice(0));
  place.remove();
});

/** Those of the escape tree that may live on: without control groups nothing leads to the scrubbed one. */
const mayRemain = { cgroups: [], fallback: ['scrubbed'] } as const;

/** While `process.platform` says so, `ps` is asked for processes as on macOS: here it knows no such question and shows none. */
function blind(): { see(): void } {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform');
  if (platform === undefined) throw new Error('there is no platform');
  Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
  return { see: () => Object.defineProperty(process, 'platform', platform) };
}

test('a run is not taken for gone while no process can be seen', async () => {
  const { work, process: find } = await startRun(
    'sh -c "$mark" x "$D" sleeper sleep 1000 & wait',
    'fallback',
  );
  const sleeper = await find('sleeper');
  const darkness = blind();
  try {
    expect(hasLeftovers(work)).toBe(true);
    const ending = endWork(work, { graceMs: 10_000 });
    // One look at least: the first is taken before anything is awaited.
    darkness.see();
    const { ended, remaining } = await ending;
    expect(ended.map(({ identity }) => identity.pid)).toContain(sleeper.pid);
    expect(remaining).toEqual([]);
  } finally {
    darkness.see();
  }
});

describe.each(modes)('a run that is ended (%s)', (mode) => {
  test('leaves nothing of the escape tree', async () => {
    const { work, processes } = await startEscapeTree(mode);
    const scrubbed = processes.get('scrubbed');
    if (scrubbed !== undefined) strays.push(scrubbed);
    expect(survivors(processes)).toEqual(escapes);

    const { ended, forced, remaining } = await endWork(work, { graceMs: 10_000 });

    expect(survivors(processes)).toEqual(mayRemain[mode]);
    expect(forced).toBe(false);
    expect(remaining).toEqual([]);
    const endedPids = ended.map(({ identity }) => identity.pid);
    for (const [name, { pid }] of processes) {
      expect(endedPids.includes(pid)).toBe(!survivors(processes).includes(name));
    }
    expect(new Set(ended.map(({ name }) => name))).toEqual(new Set(['sh', 'sleep']));
    expect(findWork(work)).toEqual([]);
  });

  test('leaves nothing at all once a sample has seen the escape tree', async () => {
    // The scrubbed one is still tied to the leader when the sample comes, and cuts the tie only afterwards.
    const {
      work,
      process: started,
      child,
    } = await startRun(
      `setsid env -i /bin/sh -c "$mark" x "$D" scrubbed /bin/sleep 900 & read _; exit 0`,
      mode,
    );
    const scrubbed = await started('scrubbed');
    strays.push(scrubbed);
    const observer = observeWork(work, { delayMs: 0, intervalMs: 20 });
    await until(() => observer.known().some(({ identity }) => identity.pid === scrubbed.pid));
    observer.stop();
    child.stdin?.write('\n');
    await once(child, 'exit');
    expect(observer.hasLeftovers()).toBe(true);
    const { ended } = await endWork(work, { graceMs: 10_000, known: observer.known() });
    expect(ended.map(({ identity }) => identity)).toEqual([scrubbed]);
    expect(isAlive(scrubbed)).toBe(false);
    expect(observer.hasLeftovers()).toBe(false);
  });

  test('is asked first, and has its grace to clean up', async () => {
    const run = await startRun(
      `trap 'sh -c "$mark" x "$D" cleaned true; exit 0' TERM; sh -c "$mark" x "$D" ready sleep 900 & wait`,
      mode,
    );
    await run.process('ready');
    const { forced } = await endWork(run.work, { graceMs: 30_000 });
    expect(forced).toBe(false);
    expect(existsSync(join(run.directory, 'cleaned'))).toBe(true);
    await leaderEnd(run);
    expect(run.child.exitCode).toBe(0);
  });

  test('is killed after the grace when it does not listen', async () => {
    const run = await startRun(
      `trap '' TERM; sh -c "$mark" x "$D" deaf sleep 900 & sh -c "$mark" x "$D" ready sleep 900`,
      mode,
    );
    const processes = new Map([
      ['deaf', await run.process('deaf')],
      ['ready', await run.process('ready')],
    ]);
    const begun = performance.now();
    const { forced, ended, remaining } = await endWork(run.work, { graceMs: 300 });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(300);
    expect(forced).toBe(true);
    expect(remaining).toEqual([]);
    expect(ended).toHaveLength(3);
    expect(survivors(processes)).toEqual([]);
    await leaderEnd(run);
    expect(run.child.signalCode).toBe('SIGKILL');
  });

  test('is killed at once when somebody hurries', async () => {
    const run = await startRun(`trap '' TERM; sh -c "$mark" x "$D" ready sleep 900`, mode);
    await run.process('ready');
    const hurry = new AbortController();
    const end = endWork(run.work, { graceMs: 600_000, hurry: hurry.signal });
    setImmediate(() => hurry.abort());
    expect((await end).forced).toBe(true);
    expect(findWork(run.work)).toEqual([]);
  });

  test('hears the signal that is asked for', async () => {
    const run = await startRun(
      `trap 'echo INT >"$D/heard"; exit 0' INT; sh -c "$mark" x "$D" ready sleep 900 & wait; wait`,
      mode,
    );
    await run.process('ready');
    // A background process of sh ignores SIGINT; the leader's end leaves it, and the grace is over soon.
    await endWork(run.work, { graceMs: 500, signal: 'SIGINT' });
    expect(readFileSync(join(run.directory, 'heard'), 'utf8')).toBe('INT\n');
  });

  test('ends also when it is stopped', async () => {
    const run = await startRun(
      `trap 'echo >"$D/heard"; exit 0' TERM; sh -c "$mark" x "$D" child sleep 900 & wait`,
      mode,
    );
    const child = await run.process('child');
    process.kill(child.pid, 'SIGSTOP');
    process.kill(run.child.pid ?? 0, 'SIGSTOP');
    const { forced } = await endWork(run.work, { graceMs: 30_000 });
    expect(forced).toBe(false);
    expect(isAlive(child)).toBe(false);
    expect(existsSync(join(run.directory, 'heard'))).toBe(true);
  });

  test('ends also when it is frozen', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900 & wait`, mode);
    const child = await run.process('child');
    expect((await freezeWork(run.work)).isComplete).toBe(true);
    expect((await endWork(run.work, { graceMs: 30_000 })).forced).toBe(false);
    expect(isAlive(child)).toBe(false);
  });

  test('that forks without end is overtaken', async () => {
    const spawner = `trap '' TERM; while :; do sleep 5 & (sleep 5 &) done`;
    const run = await startRun(spawner, mode);
    await until(() => findWork(run.work).length > 20);
    const { forced, remaining } = await endWork(run.work, { graceMs: 20, killMs: 20_000 });
    expect(forced).toBe(true);
    expect(remaining).toEqual([]);
    expect(findWork(run.work)).toEqual([]);
  });

  test('may be one that starts a new process whenever one is killed', async () => {
    const keeper = `trap "" TERM; while :; do sleep 600; done`;
    const run = await startRun(`for i in 1 2 3 4 5; do sh -c '${keeper}' & done; wait`, mode);
    // The leader, five keepers, five that are kept.
    await until(() => findWork(run.work).length === 11);
    const { forced, remaining } = await endWork(run.work, { graceMs: 50, killMs: 20_000 });
    expect({ forced, remaining }).toEqual({ forced: true, remaining: [] });
    expect(findWork(run.work)).toEqual([]);
  });

  test('may have a hundred processes', async () => {
    const run = await startRun(
      `i=0; while [ $i -lt 100 ]; do sleep 900 & i=$((i+1)); done; sh -c "$mark" x "$D" ready sleep 900`,
      mode,
    );
    await run.process('ready');
    expect(findWork(run.work)).toHaveLength(102);
    const { ended, forced } = await endWork(run.work, { graceMs: 30_000 });
    expect(ended).toHaveLength(102);
    expect(forced).toBe(false);
    expect(findWork(run.work)).toEqual([]);
  });

  test('is not disturbed when what is left is just about to end', async () => {
    const run = await startRun(
      `trap 'echo >"$D/heard"; exit' TERM; sh -c "$mark" x "$D" ready sleep 0.1`,
      mode,
    );
    await run.process('ready');
    expect(await endWork(run.work, { graceMs: 0, settleMs: 30_000 })).toEqual({
      ended: [],
      forced: false,
      remaining: [],
    });
    expect(existsSync(join(run.directory, 'heard'))).toBe(false);
  });

  test('can be ended by somebody who never was its parent, once its own is gone', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" worker sleep 900 & exit 0`, mode);
    const worker = await run.process('worker');
    await leaderEnd(run);
    // As a reclaimer knows it, from a lease: the leader is dead, the worker is a child of the first process.
    const { ended } = await endWork(JSON.parse(JSON.stringify(run.work)), { graceMs: 10_000 });
    expect(ended.map(({ identity }) => identity)).toEqual([worker]);
    expect(isAlive(worker)).toBe(false);
  });

  test('spares the reclaimer and its ancestors, though they belong to it', async () => {
    // The leader starts a program that ends the run: both live on, their sibling does not.
    const program = bundleProgram('reclaim', place.path);
    const run = await startRun(
      `sh -c "$mark" x "$D" sibling sleep 900 &
       while ! [ -f "$D/work" ]; do sleep 0.01; done
       node '${program}' "$D/work" >"$D/report"; echo $? >"$D/.status"; mv "$D/.status" "$D/status"; read _`,
      mode,
    );
    const sibling = await run.process('sibling');
    writeFileSync(join(run.directory, '.work'), JSON.stringify(run.work));
    renameSync(join(run.directory, '.work'), join(run.directory, 'work'));
    await until(() => existsSync(join(run.directory, 'status')));
    expect(readFileSync(join(run.directory, 'status'), 'utf8')).toBe('0\n');
    const report: unknown = JSON.parse(readFileSync(join(run.directory, 'report'), 'utf8'));
    expect(report).toMatchObject({ ended: [{ identity: sibling, name: 'sleep' }], remaining: [] });
    expect(isAlive(sibling)).toBe(false);
    expect(isAlive(run.work.leader ?? sibling)).toBe(true);
  });
});

describe('a process is not signalled', () => {
  test('when its pid has come to name another one', async () => {
    const run = await startRun(`exec sh -c "$mark" x "$D" leader sleep 900`, 'fallback');
    const leader = await run.process('leader');
    // What the lease says is from a process that had this pid before.
    const earlier = { ...leader, startTime: String(Number(leader.startTime) - 1) };
    const work = { cookie: newCookie(), leader: earlier, cgroups: [] };
    const known = [{ identity: earlier, name: 'sleep', parent: 1 }];
    expect(await endWork(work, { graceMs: 0, known })).toEqual({ ended: [], forced: false, remaining: [] });
    expect(openSignaller(linuxSource())(earlier, 'SIGKILL')).toBe('gone');
    expect(isAlive(leader)).toBe(true);
  });

  test('when it is we, our parent or the first process, whoever asks', () => {
    const send = openSignaller(linuxSource());
    for (const pid of [process.pid, process.ppid, 1])
      expect(send(identityOf(pid), 'SIGCONT')).toBe('refused');
  });

  test.each(['', '0123', 'not-hex-not-hex-not-hex'])('for a run whose cookie is %p', async (cookie) => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900`, 'fallback');
    const child = await run.process('child');
    const work = { cookie, leader: null, cgroups: ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/proc'] };
    expect(findWork(work)).toEqual([]);
    expect(hasLeftovers(work)).toBe(false);
    expect((await endWork(work, { graceMs: 0 })).ended).toEqual([]);
    expect(isAlive(child)).toBe(true);
  });
});

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Runs a program as an ordinary user, in the control group `cgroup` if one is named, and reads the JSON that it prints. */
async function runAsOrdinaryUser(args: readonly string[], cgroup = ''): Promise<unknown> {
  chmodSync(place.path, 0o755);
  const enter = cgroup === '' ? '' : `echo $$ >'${cgroup}/cgroup.procs' || exit 1;`;
  const become = isRoot ? `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups` : '';
  const child = spawn('sh', ['-c', `${enter} exec ${become} "$@"`, 'sh', process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await once(child, 'close');
  return JSON.parse(output);
}

describe('for an ordinary user', () => {
  test('all is ended that can be found without control groups', async () => {
    const program = bundleProgram('ordinary-user', place.path);
    const report = await runAsOrdinaryUser([program]);
    const expected = isRoot
      ? // The groups that we are in belong to root, as a session's do.
        { groups: 0, ended: 6, survivors: ['scrubbed'] }
      : { survivors: mayRemain[modes[0] ?? 'fallback'] };
    expect(report).toMatchObject({ forced: false, remaining: [], ...expected });
  });

  if (isRoot) {
    test('a process of somebody else is left, and said', async () => {
      const program = bundleProgram('ordinary-user', place.path);
      const foreign = spawn('sleep', ['900'], { stdio: 'ignore' });
      const identity = identityOf(foreign.pid ?? 0);
      strays.push(identity);
      const report = await runAsOrdinaryUser([program, String(identity.pid)]);
      expect(report).toMatchObject({ ended: 6, forced: true, remaining: ['not-permitted'] });
      expect(isAlive(identity)).toBe(true);
    });
  }

  if (isRoot && modes.includes('cgroups')) {
    test('nothing is left where control groups were handed to them, as systemd does for its users', async () => {
      const program = bundleProgram('ordinary-user', place.path);
      groups.push(...openRunCgroups(newCookie(), { enabled: true }));
      const [delegated = ''] = groups;
      chownSync(delegated, nobody, nobody);
      chownSync(join(delegated, 'cgroup.procs'), nobody, nobody);
      const report = await runAsOrdinaryUser([program], delegated);
      expect(report).toEqual({ groups: 1, ended: 7, forced: false, survivors: [], remaining: [] });
    });
  }
});
