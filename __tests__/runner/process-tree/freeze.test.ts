import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ProcessIdentity } from '../../../src/process-identity.ts';
import { findWork } from '../../../src/runner/process-tree/find.ts';
import { freezeWork, thawWork } from '../../../src/runner/process-tree/freeze.ts';
import { cleanUp, modes, startEscapeTree, startRun, until } from './support.ts';

const strays: ProcessIdentity[] = [];
afterEach(() => cleanUp(...strays.splice(0)));

/** What a process has used of a processor, in clock ticks: fields 14 and 15 of its stat file. */
function ticksOf({ pid }: ProcessIdentity): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function stateOf({ pid }: ProcessIdentity): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0] ?? '';
}

describe.each(modes)('a run that is frozen (%s)', (mode) => {
  test('uses no processor until it is thawed, the escaped ones included', async () => {
    const busy = 'sh -c "while :; do :; done"';
    const run = await startRun(
      `setsid sh -c "$mark" x "$D" one ${busy} & (sh -c "$mark" x "$D" two ${busy} &); sh -c "$mark" x "$D" three ${busy}`,
      mode,
    );
    const processes = [await run.process('one'), await run.process('two'), await run.process('three')];
    const report = await freezeWork(run.work);
    expect(report.isComplete).toBe(true);
    expect(report.cgroups.length > 0).toBe(mode === 'cgroups');
    expect(report.stopped).toHaveLength(mode === 'cgroups' ? 0 : 4);

    const before = processes.map(ticksOf);
    const busyUntil = performance.now() + 100;
    while (performance.now() < busyUntil) processes.map(ticksOf);
    expect(processes.map(ticksOf)).toEqual(before);

    thawWork(run.work, [], report);
    for (const [index, identity] of processes.entries()) {
      await until(() => ticksOf(identity) > (before[index] ?? Infinity));
    }
  });

  test('is thawed also by somebody who did not freeze it', async () => {
    const { work, processes } = await startEscapeTree(mode);
    strays.push(...processes.values());
    await freezeWork(work);
    thawWork(work);
    for (const identity of processes.values()) await until(() => stateOf(identity) === 'S');
  });

  test('is frozen whole while it goes on forking', async () => {
    const run = await startRun('while :; do sleep 0.01 & sleep 0.01; done', mode);
    await until(() => findWork(run.work).length > 2);
    const report = await freezeWork(run.work);
    expect(report.isComplete).toBe(true);
    const frozen = findWork(run.work).map(({ identity }) => identity.pid);
    expect(frozen).toContain(run.work.leader?.pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(findWork(run.work).map(({ identity }) => identity.pid)).toEqual(frozen);
  });

  test('leaves those stopped that the user had stopped', async () => {
    const run = await startRun(`sh -c "$mark" x "$D" child sleep 900 & wait`, mode);
    const child = await run.process('child');
    process.kill(child.pid, 'SIGSTOP');
    await until(() => stateOf(child) === 'T');
    const report = await freezeWork(run.work);
    thawWork(run.work, [], report);
    await until(() => stateOf(run.work.leader ?? child) === 'S');
    expect(stateOf(child)).toBe('T');
  });
});
