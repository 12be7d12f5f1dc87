import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  areCgroupsEnabled,
  cgroupPids,
  isPopulated,
  killCgroup,
  openRunCgroups,
  removeRunCgroups,
  setFrozen,
} from '../../../src/runner/process-tree/cgroup.ts';
import { enterRunCgroups } from '../../../src/runner/process-tree/cgroup-enter.ts';
import { endWork } from '../../../src/runner/process-tree/end.ts';
import { findWork } from '../../../src/runner/process-tree/find.ts';
import { cgroupName, type Work } from '../../../src/runner/process-tree/work.ts';
import { scratch } from '../../telemetry/support.ts';
import { bundleProgram } from './bundle.ts';
import { cleanUp, leaderEnd, modes, newCookie, startRun, until } from './support.ts';

const opened: string[] = [];
afterEach(async () => {
  await cleanUp();
  await removeRunCgroups(opened.splice(0));
});

function open(cookie = newCookie(), enabled = true): readonly string[] {
  const directories = openRunCgroups(cookie, { enabled });
  opened.push(...directories);
  return directories;
}

let place = scratch();
beforeEach(() => {
  place = scratch();
});
afterEach(() => place.remove());

/** The directories that a program makes which runs after the commands of `setup`, and what those say on stderr. */
function openedBy(setup: string, wrapper: readonly string[] = []) {
  const program = bundleProgram('open-groups', place.path);
  const [file = 'sh', ...args] = [
    ...wrapper,
    'sh',
    '-c',
    `${setup}; exec "$0" "$1"`,
    process.execPath,
    program,
  ];
  const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  const directories: readonly string[] = JSON.parse(stdout);
  return { directories, stderr };
}

function subdirectories(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

if (modes.includes('cgroups')) {
  describe('the control groups of a run', () => {
    test('are directories below our own groups that bear its cookie', () => {
      const cookie = newCookie();
      const directories = open(cookie);
      expect(directories.length).toBeGreaterThan(0);
      for (const directory of directories) {
        expect(basename(directory)).toBe(`test-governor-${cookie}`);
        expect(cgroupPids([dirname(directory)])).toContain(process.pid);
        expect(isPopulated(directory)).toBe(false);
      }
    });

    test('hold the leader and what it starts', async () => {
      const run = await startRun(`sh -c "$mark" x "$D" child sleep 900`, 'cgroups');
      const child = await run.process('child');
      for (const directory of run.work.cgroups) {
        expect(new Set(cgroupPids([directory]))).toEqual(new Set([run.work.leader?.pid, child.pid]));
        expect(isPopulated(directory)).toBe(true);
      }
      expect(await removeRunCgroups(run.work.cgroups)).toBe(false);
    });

    test('take in what the leader had started before it was in them', async () => {
      const run = await startRun(
        `setsid sh -c "$mark" x "$D" one sleep 900 & (sh -c "$mark" x "$D" two sleep 900 &); sleep 900`,
        'fallback',
      );
      const [one, two] = [await run.process('one'), await run.process('two')];
      const work = await enterRunCgroups({ ...run.work, cgroups: open(run.work.cookie) });
      expect(work.cgroups.length).toBeGreaterThan(0);
      for (const directory of work.cgroups) {
        expect(cgroupPids([directory])).toEqual(
          expect.arrayContaining([run.work.leader?.pid, one.pid, two.pid]),
        );
      }
    });

    test('are gone, and not used, when the leader has ended before it was in them', async () => {
      const run = await startRun('exit 0', 'fallback');
      await leaderEnd(run);
      const cgroups = open(run.work.cookie);
      expect((await enterRunCgroups({ ...run.work, cgroups })).cgroups).toEqual([]);
      expect(cgroups.filter(existsSync)).toEqual([]);
    });

    test('are removed with those that the run made below them', async () => {
      const run = await startRun('sleep 900', 'cgroups');
      const [directory = ''] = run.work.cgroups;
      mkdirSync(join(directory, 'inner'));
      mkdirSync(join(directory, 'inner', 'innermost'));
      const sleeper = await until(() => findWork(run.work).find(({ name }) => name === 'sleep'));
      writeFileSync(join(directory, 'inner', 'innermost', 'cgroup.procs'), String(sleeper.identity.pid));
      expect(isPopulated(directory)).toBe(true);
      expect(cgroupPids([directory])).toContain(sleeper.identity.pid);
      await endWork(run.work, { graceMs: 10_000 });
      expect(isPopulated(directory)).toBe(false);
      expect(await removeRunCgroups(run.work.cgroups)).toBe(true);
      expect(run.work.cgroups.filter(existsSync)).toEqual([]);
      expect(await removeRunCgroups(run.work.cgroups)).toBe(true);
    });

    test('are not made below a threaded group, into which no process could go', async () => {
      const [domain = ''] = open();
      const threaded = join(domain, 'threaded');
      mkdirSync(threaded);
      writeFileSync(join(threaded, 'cgroup.type'), 'threaded\n');
      const enter = `echo $$ >'${domain}/cgroup.procs'; echo $$ >'${threaded}/cgroup.threads'; cat /proc/self/cgroup >&2`;
      const { directories, stderr } = openedBy(enter);
      expect(stderr).toMatch(/^0::.*\/threaded$/m);
      expect(directories.filter((directory) => directory.startsWith(domain))).toEqual([]);
      expect(subdirectories(threaded)).toEqual([]);
    });

    if (process.getuid?.() === 0) {
      test('are found in a cgroup namespace, as containers have it', () => {
        const mount = join(place.path, 'mount');
        mkdirSync(mount);
        const inside = `mount -t cgroup2 none '${mount}' && cat /proc/self/cgroup >&2`;
        const { directories, stderr } = openedBy(inside, ['unshare', '--cgroup', '--mount']);
        expect(stderr).toMatch(/^0::\/$/m);
        expect(directories).toContainEqual(expect.stringMatching(`^${mount}/test-governor-[0-9a-f]{16}$`));
      });
    }

    test('of runs that were killed before they could remove them are removed by the next one', async () => {
      const [abandoned = '', young = ''] = [open()[0], open()[0]];
      const { work } = await startRun('sleep 900', 'cgroups');
      const [used = ''] = work.cgroups;
      const minutesAgo = new Date(Date.now() - 5 * 60_000);
      for (const directory of [abandoned, used]) utimesSync(directory, minutesAgo, minutesAgo);
      open();
      expect([abandoned, young, used].map((directory) => existsSync(directory))).toEqual([false, true, true]);
    });

    test('are made anew for each run: one that is there already is somebody else’s', () => {
      const cookie = newCookie();
      expect(open(cookie).length).toBeGreaterThan(0);
      expect(open(cookie)).toEqual([]);
    });
  });
}

describe('without control groups', () => {
  test('none are made: switched off, or for a cookie that is none', () => {
    expect(open(newCookie(), false)).toEqual([]);
    expect(open('')).toEqual([]);
    expect(open(`../${newCookie()}`)).toEqual([]);
  });

  test.each([
    [undefined, true],
    ['', true],
    ['on', true],
    ['1', true],
    ['off', false],
    ['0', false],
    ['false', false],
  ])('is chosen by the variable: %p means %p', (value, expected) => {
    expect(areCgroupsEnabled({ BASESHOP_CGROUPS: value }, 'BASESHOP')).toBe(expected);
  });
});

describe('a directory that is no control group', () => {
  test('is neither written to nor emptied, though a lease names it', async () => {
    const cookie = newCookie();
    const directory = join(place.path, cgroupName(cookie));
    mkdirSync(directory);
    writeFileSync(join(directory, 'kept'), '');
    expect(isPopulated(directory)).toBeNull();
    expect(killCgroup(directory)).toBe(false);
    expect(setFrozen(directory, true)).toBe(false);
    expect(await removeRunCgroups([directory])).toBe(false);
    const work: Work = { cookie, leader: null, cgroups: [directory] };
    expect((await endWork(work, { graceMs: 0 })).ended).toEqual([]);
    expect(readdirSync(directory)).toEqual(['kept']);
  });
});
