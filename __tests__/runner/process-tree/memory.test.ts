import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ShareReading } from '../../../src/runner/process-tree/linux-source.ts';
import { createMemoryMeter, readGroupMemory } from '../../../src/runner/process-tree/memory.ts';
import type { ProcessRow } from '../../../src/runner/process-tree/process-source.ts';
import { scratch } from '../../telemetry/support.ts';

const mb = 1024 * 1024;

function row(pid: number, residentMb: number): ProcessRow {
  return {
    identity: { pid, startTime: '1', bootId: null, namespace: null },
    parent: 1,
    name: 'node',
    isStopped: false,
    residentBytes: residentMb * mb,
    age: 1,
  };
}

/** A meter for processes whose shares the test sets, and the pids that were read. */
function meterOf(shares: Record<number, ShareReading>) {
  const reads: number[] = [];
  const meter = createMemoryMeter((pid) => {
    reads.push(pid);
    return shares[pid] ?? 'gone';
  });
  const sample = (rows: readonly ProcessRow[], budgetMs = 1000) => {
    for (const _ of meter.sample(rows, budgetMs)) reads.length += 0;
  };
  return { meter, reads, sample, shares };
}

describe('the memory of a tree', () => {
  test('is unknown before a sample', () => {
    expect(createMemoryMeter().peak()).toBeNull();
  });

  test('is the highest sum of shares', () => {
    const { meter, sample, shares } = meterOf({ 1: 10 * mb, 2: 20 * mb });
    sample([row(1, 40), row(2, 50)]);
    shares[2] = 70 * mb;
    sample([row(1, 40), row(2, 100)]);
    sample([row(1, 40)]);
    expect(meter.peak()).toEqual({ mb: 80, source: 'pss' });
  });

  test('reads a share again only when the resident memory has changed', () => {
    const { reads, sample } = meterOf({ 1: 10 * mb, 2: 20 * mb });
    sample([row(1, 100), row(2, 100)]);
    sample([row(1, 104), row(2, 120)]);
    expect(reads).toEqual([1, 2, 2]);
  });

  test('is not said in shares before every share was read, the largest first', () => {
    const { meter, reads, sample } = meterOf({ 1: 10 * mb, 2: 20 * mb });
    sample([row(1, 50), row(2, 80)], 0);
    expect(reads).toEqual([]);
    expect(meter.peak()).toEqual({ mb: 130, source: 'rss' });
    sample([row(1, 50), row(2, 80)]);
    expect(reads).toEqual([2, 1]);
    expect(meter.peak()).toEqual({ mb: 30, source: 'pss' });
  });

  test('is said in resident memory, from the beginning on, when a share cannot be read', () => {
    const { meter, sample } = meterOf({ 1: 10 * mb, 2: 'unreadable' });
    sample([row(1, 200)]);
    sample([row(1, 50), row(2, 100)]);
    expect(meter.peak()).toEqual({ mb: 200, source: 'rss' });
  });

  test('leaves out a process that ends while it is looked at', () => {
    const { meter, sample } = meterOf({ 1: 10 * mb, 2: 'gone' });
    sample([row(1, 50), row(2, 100)]);
    expect(meter.peak()).toEqual({ mb: 10, source: 'pss' });
  });
});

describe('the memory of control groups', () => {
  let place = scratch();
  beforeEach(() => {
    place = scratch();
  });
  afterEach(() => place.remove());

  /** A directory with the files of a control group, as kernels have them that are not at hand here. */
  function group(name: string, files: Readonly<Record<string, string>>): string {
    const directory = join(place.path, name);
    mkdirSync(directory);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
    return directory;
  }

  test('is the unified hierarchy’s peak where there is one, its usage before Linux 5.19, else version 1’s', () => {
    const peak = group('peak', { 'memory.peak': `${300 * mb}\n`, 'memory.current': `${100 * mb}\n` });
    const current = group('current', { 'memory.current': `${100 * mb}\n` });
    const bare = group('bare', { 'cgroup.procs': '' });
    const version1 = group('version1', { 'memory.max_usage_in_bytes': `${200 * mb}\n` });
    expect(readGroupMemory([version1, peak])).toEqual({ bytes: 300 * mb, source: 'cgroup-v2' });
    expect(readGroupMemory([current])).toEqual({ bytes: 100 * mb, source: 'cgroup-v2' });
    expect(readGroupMemory([bare, version1])).toEqual({ bytes: 200 * mb, source: 'cgroup-v1' });
  });

  test('is unknown where no file tells it, or nothing was ever in the group', () => {
    expect(readGroupMemory([])).toBeNull();
    expect(readGroupMemory([group('bare', {}), join(place.path, 'missing')])).toBeNull();
    expect(readGroupMemory([group('empty', { 'memory.max_usage_in_bytes': '0\n' })])).toBeNull();
  });
});
