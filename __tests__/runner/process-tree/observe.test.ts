import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readGroupMemory } from '../../../src/runner/process-tree/memory.ts';
import { observeWork, type WorkObserver } from '../../../src/runner/process-tree/observe.ts';
import { cleanUp, leaderEnd, modes, startRun, until } from './support.ts';

const observers: WorkObserver[] = [];
afterEach(async () => {
  for (const observer of observers.splice(0)) observer.stop();
  await cleanUp();
});

function observe(...parameters: Parameters<typeof observeWork>): WorkObserver {
  const observer = observeWork(...parameters);
  observers.push(observer);
  return observer;
}

/** Allocates so many MB and writes to each page, then says so. */
const allocate = (mb: number) =>
  `'${process.execPath}' -e 'global.kept = Buffer.alloc(${mb} * 1024 * 1024, 1); require("fs").writeFileSync(process.argv[1] + "/full", String(process.pid)); setInterval(() => {}, 1e6)' "$D"`;

describe.each(modes)('a run that is watched (%s)', (mode) => {
  test('is known process by process, as they come and go', async () => {
    const run = await startRun(
      `sh -c "$mark" x "$D" one sleep 900 & one=$!; read _; sh -c "$mark" x "$D" two sleep 900 & kill $one; wait`,
      mode,
    );
    const one = await run.process('one');
    const observer = observe(run.work, { delayMs: 0, intervalMs: 10 });
    const knows = (pid: number) => observer.known().some(({ identity }) => identity.pid === pid);
    await until(() => knows(one.pid));
    run.child.stdin?.write('\n');
    const two = await run.process('two');
    await until(() => knows(two.pid) && !knows(one.pid));
    expect(observer.known().map(({ name }) => name)).toEqual(['sh', 'sleep']);
  });

  test('is not looked at in its first moments, and never again after the end of the watching', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900`, mode);
    await run.process('child');
    const late = observe(run.work, { delayMs: 3_600_000 });
    const stopped = observe(run.work, { delayMs: 0 });
    stopped.stop();
    const other = observe(run.work, { delayMs: 0, intervalMs: 10 });
    await until(() => other.known().length === 2);
    expect(late.known()).toEqual([]);
    expect(stopped.known()).toEqual([]);
  });

  test('has left nothing behind when it has ended with all that it started', async () => {
    const wait = 'while [ ! -e "$D/go" ]; do sleep 0.01; done';
    const run = await startRun(`(${wait}) & ${wait}; wait`, mode);
    const observer = observe(run.work, { delayMs: 0, intervalMs: 10 });
    await until(() => observer.known().length > 0);
    writeFileSync(join(run.directory, 'go'), '');
    await leaderEnd(run);
    expect(observer.hasLeftovers()).toBe(false);
  });

  test('has a peak of memory that is near to what it used', async () => {
    const run = await startRun(allocate(150), mode);
    const observer = observe(run.work, { delayMs: 0, intervalMs: 10 });
    await run.process('full');
    const peak = await until(() => {
      const now = observer.peakMemory();
      return now !== null && now.mb > 150 ? now : null;
    });
    expect(peak.mb).toBeLessThan(300);
    const ofGroups = readGroupMemory(run.work.cgroups);
    expect(peak.source).toBe(ofGroups?.source ?? 'pss');
  });

  test('shares memory that is not counted twice', async () => {
    const run = await startRun(
      `i=0; while [ $i -lt 20 ]; do sleep 900 & i=$((i+1)); done; sh -c "$mark" x "$D" ready sleep 900`,
      mode,
    );
    await run.process('ready');
    const observer = observe(run.work, { delayMs: 0, intervalMs: 10 });
    await until(() => observer.known().length === 22);
    const peak = await until(() => {
      const now = observer.peakMemory();
      return now?.source === 'rss' ? null : now;
    });
    expect(peak.mb).toBeLessThan(20);
  });
});

describe('the memory files of this machine', () => {
  test('are what decides about the source', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900`, modes[0] ?? 'fallback');
    await run.process('child');
    const files = run.work.cgroups.flatMap((directory) => readdirSync(join(directory)));
    const expected = files.includes('memory.peak')
      ? 'cgroup-v2'
      : files.includes('memory.max_usage_in_bytes')
        ? 'cgroup-v1'
        : undefined;
    expect(readGroupMemory(run.work.cgroups)?.source).toBe(expected);
  });
});
