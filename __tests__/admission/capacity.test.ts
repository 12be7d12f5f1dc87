import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { measureTotals } from '../../src/admission/capacity.ts';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';
import { scratch } from '../telemetry/support.ts';
import {
  type Files,
  hybridMachine,
  meminfo,
  nestedGroups,
  plainMachine,
  plant,
  v1Container,
  v2Container,
} from './tree.ts';

let home = scratch();
beforeEach(() => {
  home = scratch();
});
afterEach(() => home.remove());

function totals(files: Files, parallelism = 8) {
  return measureTotals({ root: plant(home.path, files), parallelism });
}

describe('what this process may use (recorded trees)', () => {
  test.each<[string, Files, number, number]>([
    ['of a machine without limits is all of it', plainMachine, 16384, 8],
    ['of a machine with both versions and no limits is all of it', hybridMachine, 16384, 8],
    ['is the tightest limit of the groups above it, memory.high included', nestedGroups, 4096, 3],
    ['of a v1 container is its own', v1Container, 2048, 2],
    ['of a v2 container is its own, and never less than one CPU', v2Container, 1024, 1],
  ])('%s', (_, files, totalRamMb, logicalCpu) => {
    expect(totals(files)).toEqual({ totalRamMb, logicalCpu });
  });

  test('is not more CPUs than the affinity allows', () => {
    expect(totals(nestedGroups, 2).logicalCpu).toBe(2);
  });

  test('is not more memory than the machine has, whatever a limit says', () => {
    const roomy = { ...v2Container, '/sys/fs/cgroup/memory.max': String(1024 ** 4) };
    expect(totals(roomy).totalRamMb).toBe(16384);
  });

  test.each([
    ['a mount point with a space', '/sys/fs/my\\040groups', '/sys/fs/my groups'],
    ['a mount point elsewhere', '/run/groups', '/run/groups'],
  ])('is found at %s', (_, written, path) => {
    const files = {
      '/proc/meminfo': meminfo(1000),
      '/proc/self/cgroup': '0::/a\n',
      '/proc/self/mountinfo': `29 22 0:26 / ${written} rw - cgroup2 cgroup2 rw\n`,
      [`${path}/a/memory.max`]: String(256 * 1024 ** 2),
    };
    expect(totals(files).totalRamMb).toBe(256);
  });

  test.each<[string, Files]>([
    ['is empty', { '/proc/self/mountinfo': '', '/proc/self/cgroup': '' }],
    ['is garbage', { '/proc/self/mountinfo': 'x - cgroup2\n - \n', '/proc/self/cgroup': '::::\n0\n' }],
    ['has limits that are no numbers', { ...v2Container, '/sys/fs/cgroup/memory.max': 'plenty\n' }],
  ])('is what the machine has where the tree %s', (_, files) => {
    const { totalRamMb } = totals({ '/proc/meminfo': meminfo(1000), ...files });
    expect(totalRamMb).toBe(16384);
  });

  test("is node's own figure where there is no /proc at all", () => {
    const { totalRamMb, logicalCpu } = measureTotals({ root: home.path });
    expect(totalRamMb).toBeGreaterThan(0);
    expect(logicalCpu).toBe(availableParallelism());
  });
});

/** The directory of this process's own group where groups with a memory limit can be made below it; null elsewhere. */
function writableGroup(): { readonly directory: string; readonly limitFile: string } | null {
  const membership = readFileSync('/proc/self/cgroup', 'utf8');
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(membership)?.[1];
  const v2 = /^0::(.*)$/m.exec(membership)?.[1];
  const candidates = [
    ...(v1 === undefined
      ? []
      : [{ parent: join('/sys/fs/cgroup/memory', v1), limitFile: 'memory.limit_in_bytes' }]),
    ...(v2 === undefined ? [] : [{ parent: join('/sys/fs/cgroup', v2), limitFile: 'memory.max' }]),
  ];
  for (const { parent, limitFile } of candidates) {
    const directory = join(parent, `test-governor-${process.pid}`);
    try {
      mkdirSync(directory);
    } catch {
      continue;
    }
    try {
      writeFileSync(join(directory, limitFile), String(512 * 1024 ** 2));
      return { directory, limitFile };
    } catch {
      rmdirSync(directory);
    }
  }
  return null;
}

describe('on this machine', () => {
  test('the totals are those of the machine or less', () => {
    const { totalRamMb, logicalCpu } = measureTotals();
    const installed = /^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    expect(totalRamMb).toBeGreaterThan(0);
    expect(totalRamMb).toBeLessThanOrEqual(Number(installed) / 1024);
    expect(logicalCpu).toBeLessThanOrEqual(availableParallelism());
  });

  test('a process that is bound to one CPU has one', () => {
    const command = `exec taskset -c 0 '${join(guardedRoot, 'bin/test-governor')}' docker-limits --json`;
    const output = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: baseEnvironment() });
    expect(JSON.parse(output)).toMatchObject({ logical_cpu: 1, cpus: 1 });
  });

  test('a process in a group with 512 MB has those', () => {
    const group = writableGroup();
    if (group === null) {
      console.warn('NOT TRIED: no control group with a memory limit can be made here; recorded trees only.');
      expect(measureTotals().totalRamMb).toBeGreaterThan(0);
      return;
    }
    try {
      const enter = `echo $$ > '${join(group.directory, 'cgroup.procs')}'`;
      const command = `${enter} && exec '${join(guardedRoot, 'bin/test-governor')}' docker-limits --json`;
      const output = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: baseEnvironment() });
      expect(JSON.parse(output)).toMatchObject({ total_ram_mb: 512, memory_budget_mb: 307 });
    } finally {
      rmdirSync(group.directory);
    }
  });
});
