import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readQueueStatus } from '../../src/queue/status.ts';
import { guardedRoot, readEvents } from '../helpers/shell.ts';
import { isRunning, openQueueLab, type QueueLab, testGovernor, until } from './queue-lab.ts';

function holders(lab: QueueLab) {
  return readQueueStatus(lab.queue, 'repo').holders;
}

const untilTold = 'while [ ! -e "$LAB/finish.script" ]; do sleep 0.02; done';

describe('a place that a script acquires', () => {
  test.each(['bash', 'dash', 'zsh'])('is held by the %s that called, however it called', async (shell) => {
    const lab = openQueueLab();
    const script = lab.start(shell, [
      '-c',
      `acquire() { test-governor queue acquire --label "$1"; }
       one=$(acquire substitution)
       two=$(acquire pipeline | cat)
       ( acquire subshell >/dev/null; : )
       echo "pid $$"
       ${untilTold}`,
    ]);
    const pid = Number((await script.says(/pid (\d+)/))[1]);
    expect(
      holders(lab).map(({ signature, pid: holder, uncounted }) => [signature, holder, uncounted]),
    ).toEqual([
      ['substitution', pid, null],
      ['pipeline', pid, 'nested'],
      ['subshell', pid, 'nested'],
    ]);
    lab.finish('script');
    await script.ended;
    // Nothing was released: with the script all of it counts for nothing.
    lab.finish('next');
    expect((await lab.run('next').ended).status).toBe(0);
    expect(lab.list('leases')).toEqual([]);
  });

  test('is printed as one line of JSON, waited for, and free once it is released', async () => {
    const lab = openQueueLab();
    const script = lab.script(`
      ticket=$(test-governor queue acquire --pid $$ --class migration --label 'the schema' --slots 3 --memory 512 --exclusive) || exit
      echo "$ticket"; ${untilTold}
      test-governor queue release "$(printf %s "$ticket" | sed 's/.*"id":"//; s/".*//')"`);
    const ticket = JSON.parse((await script.says(/\{.*\}\n/))[0]);
    expect(ticket).toEqual({ id: holders(lab)[0]?.id, scope: 'repo', directory: lab.queue });
    expect((await lab.cli('status')).stdout).toMatch(
      /running +the schema \(1, pid \d+ in .*, asks for 512 MB, 3 slots, the whole queue\), for/,
    );
    const run = lab.run('next');
    await run.says(/waiting, 1st in line: the schema \(pid \d+/);
    lab.finish('script', 'next');
    expect((await script.ended).status).toBe(0);
    expect((await run.ended).status).toBe(0);
    expect((await lab.cli('status')).stdout).toMatch(/last release: pytest paths=1 \(2\), .* ago, after/);
  });

  test('lets what runs below it pass, for it would wait for itself', async () => {
    const lab = openQueueLab();
    lab.finish('below');
    const script = lab.script(`
      test-governor queue acquire --pid $$ >/dev/null && test-governor run pytest -- below
      echo "run $?"; test-governor queue release --mine --pid $$; echo "release $?"`);
    expect((await script.ended).stdout).toBe('run 0\nrelease 0\n');
    expect(lab.list('leases')).toEqual([]);
    // It was given no label.
    expect((await lab.cli('status')).stdout).toMatch(/last release: script \(1\), .* ago, after/);
  });

  test('leaves a run below it governed: it is ended in time with all that it started, and is on record', async () => {
    const lab = openQueueLab();
    lab.runner('#!/bin/sh\nsetsid sleep 600 & echo "left $!"; exec sleep 600');
    const script = lab.script(
      'test-governor queue acquire --pid $$ >/dev/null; test-governor run pytest; echo "run $?"',
      { environment: { BASESHOP_TEST_TIMEOUT: '0.5' } },
    );
    const { stdout } = await script.ended;
    const [, left, status] = /left (\d+)\nrun (\d+)\n/.exec(stdout) ?? [];
    expect([status, isRunning(Number(left))]).toEqual(['124', false]);
    expect(readEvents(lab.state)).toMatchObject([{ event: 'run', outcome: 'timed-out', exit_code: 124 }]);
  });

  test('lets no run below it start beside the tests of another one there whose supervisor was killed', async () => {
    const lab = openQueueLab();
    lab.finish('second');
    const script = lab.script(
      `test-governor queue acquire --pid $$ >/dev/null
test-governor run pytest -- first & wrapper=$!
until grep -q "start first" "$LAB/log"; do sleep 0.02; done
kill -9 $wrapper; wait $wrapper
test-governor run pytest -- second; echo "run $?"`,
    );
    const first = await lab.started('first');
    const { stdout, stderr } = await script.ended;
    expect([stdout, isRunning(first)]).toEqual(['run 0\n', false]);
    expect(stderr).toMatch(/the run 2-.* had lost its supervisor; what was left of it was ended/);
  });

  test('of the machine lets no run below it pass by the queue of the repository', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const script = lab.script(
      'test-governor queue acquire --scope machine --pid $$ >/dev/null; test-governor run pytest -- below; echo "run $?"',
    );
    await script.says(/waiting, 1st in line/);
    lab.finish('holder', 'below');
    expect((await script.ended).stdout).toBe('run 0\n');
    const order = lab.log().map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(order).toEqual(['start holder', 'end holder', 'start below', 'end below']);
  });

  test.each([
    ['given back', 'test-governor queue release --mine --pid $$; echo over; wait'],
    ['lost with its script', 'echo over; kill -9 $$'],
  ])('counts for a run below it, which counts for itself once the place is %s', async (_, end) => {
    const lab = openQueueLab();
    const script = lab.script(`
      test-governor queue acquire --pid $$ >/dev/null
      test-governor run pytest -- below & ${untilTold}
      ${end}`);
    await lab.started('below');
    const next = lab.run('next');
    await next.says(/waiting, 1st in line: script/);
    lab.finish('script');
    await script.says(/over/);
    // Half a second later the first in line looks again by itself.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(lab.log()).toEqual([expect.stringMatching(/^start below/)]);
    expect(holders(lab)).toMatchObject([{ class: 'pytest', uncounted: null }]);
    lab.finish('below', 'next');
    expect((await next.ended).status).toBe(0);
    const order = lab.log().map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(order).toEqual(['start below', 'end below', 'start next', 'end next']);
  });

  test('is refused to a command whose caller has ended: whoever takes that over would hold it for ever', async () => {
    const lab = openQueueLab();
    const script = lab.script(
      `setsid sh -c 'test-governor queue acquire >"$LAB/said" 2>&1 &'
       until [ -s "$LAB/said" ]; do sleep 0.02; done; cat "$LAB/said"`,
    );
    expect((await script.ended).stdout).toContain('the process that called it has ended');
    expect(lab.list('leases')).toEqual([]);
  });

  test('below a governed run is had at once', async () => {
    const lab = openQueueLab();
    lab.runner('#!/bin/sh\ntest-governor queue acquire --pid $$');
    expect(await lab.run('outer').ended).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\{"id":"2-/),
    });
  });

  test('is free when the script is killed', async () => {
    const lab = openQueueLab();
    const script = lab.script('test-governor queue acquire --pid $$; while :; do sleep 0.05; done');
    await script.says(/"id"/);
    const run = lab.run('next');
    await run.says(/waiting, 1st in line/);
    script.child.kill('SIGKILL');
    lab.finish('next');
    expect((await run.ended).status).toBe(0);
  });

  test('is not waited for any more when the script is killed while it waits', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const script = lab.script('test-governor queue acquire --pid $$; :');
    await script.says(/waiting, 1st in line/);
    const [waiting] = readQueueStatus(lab.queue, 'repo').tickets;
    script.child.kill('SIGKILL');
    await until(() => !isRunning(waiting?.pid ?? 0));
    expect(lab.list('tickets')).toEqual([]);
  });

  test('is given back when its ticket cannot be printed', async () => {
    const lab = openQueueLab();
    const { stdout } = await lab.script('test-governor queue acquire --pid $$ >/dev/full; echo "status $?"')
      .ended;
    expect(stdout).toBe('status 75\n');
    expect(lab.list('leases')).toEqual([]);
  });

  test('is not bound to npx, which ends at once', async () => {
    const lab = openQueueLab();
    mkdirSync(join(lab.path, 'node_modules/.bin'), { recursive: true });
    symlinkSync(testGovernor, join(lab.path, 'node_modules/.bin/test-governor'));
    writeFileSync(join(lab.path, 'package.json'), '{}');
    expect(await lab.script('npx --offline test-governor queue acquire').ended).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(
        /started through npm, which ends with it; say which process .* --pid \$\$/,
      ),
    });
    const { stdout } = await lab.script('npx --offline test-governor queue acquire --pid $$').ended;
    expect(stdout).toContain('"id"');
  });
});

describe('a place that is asked for through a wrapper, which ends at once,', () => {
  test.each(['timeout 60', 'flock "$LAB/lock"', 'xargs -a /dev/null'])('%s, is refused', async (wrapper) => {
    const lab = openQueueLab();
    const { status, stdout, stderr } = await lab.script(`${wrapper} test-governor queue acquire; exit $?`)
      .ended;
    // xargs has a status of its own for a command that fails.
    expect(status).not.toBe(0);
    expect([stdout, lab.list('leases')]).toEqual(['', []]);
    expect(stderr).toMatch(/started through (timeout|flock|xargs), which ends with it; .* --pid \$\$/);
    const named = lab.script(`${wrapper} test-governor queue acquire --pid $$; test-governor queue status`);
    expect((await named.ended).stdout).toMatch(/running +script/);
  });
});

test('a script that is called like a wrapper holds its place itself', async () => {
  const lab = openQueueLab();
  const file = join(lab.path, 'timeout');
  writeFileSync(file, '#!/bin/sh\ntest-governor queue acquire && test-governor queue status\n', {
    mode: 0o755,
  });
  expect((await lab.start(file, []).ended).stdout).toMatch(/running +script/);
});

describe('a wait for a place ends', () => {
  const lab = openQueueLab();
  test('with 75, 130 and 143, and nothing on standard output', async () => {
    lab.run('holder');
    await lab.started('holder');
    for (const seconds of ['0', '0.1']) {
      expect(
        await lab.script(`test-governor queue acquire --pid $$ --timeout ${seconds}`).ended,
      ).toMatchObject({
        status: 75,
        stdout: '',
        stderr: expect.stringMatching(
          /no place acquired: gave up after .* in the queue \(cpu: needs \d+ slots?, 0 of 1 free\); "test-governor queue status"/,
        ),
      });
    }
    const cancelled = lab.script('test-governor queue acquire --pid $$');
    await cancelled.says(/1st in line/);
    expect(await lab.cli('cancel', readQueueStatus(lab.queue, 'repo').tickets[0]?.id ?? '')).toMatchObject({
      status: 0,
    });
    expect(await cancelled.ended).toMatchObject({ status: 130, stdout: '' });
    const ended = lab.script(`exec test-governor queue acquire --pid ${process.pid}`);
    await ended.says(/1st in line/);
    ended.child.kill('SIGTERM');
    expect(await ended.ended).toMatchObject({ status: 143, stdout: '' });
    expect(lab.list('tickets')).toEqual([]);
  });
});

test('a place is not given to what starts other programs too: all of them would be within it', async () => {
  const lab = openQueueLab();
  const manager = join(lab.path, 'supervisord');
  symlinkSync('/bin/sleep', manager);
  const { pid } = lab.start(manager, ['1000']).child;
  expect(await lab.cli('acquire', '--pid', String(pid))).toMatchObject({
    status: 64,
    stdout: '',
    stderr: expect.stringContaining(
      `--pid ${pid}: that is supervisord, which starts other programs too; in a shell script its own is --pid $$`,
    ),
  });
  expect(lab.list('leases')).toEqual([]);
});

describe('bad usage', () => {
  const lab = openQueueLab();
  test.each<[readonly string[], RegExp]>([
    [['acquire', '--slots', 'many'], /--slots: "many" is no whole number from 1 on, for example --slots 2/],
    [['acquire', '--timeout', 'soon'], /--timeout=soon: expected seconds from 0 to \d+, such as 600/],
    [
      ['acquire', '--pid', '4194303'],
      /--pid 4194303: there is no such process; in a shell script its own is --pid \$\$/,
    ],
    [['acquire', '--class', 'No Class'], /--class: "No Class" is no class/],
    [['acquire', '--scope', 'world'], /Choices: "repo", "machine"/],
    [['acquire', '--pid'], /Not enough arguments following: pid/],
    [['acquire', '--timeout', 'soon', '--timeout', '?'], /--timeout=\?: expected seconds/],
    [['release'], /say which place to give back: test-governor queue release <id>/],
    [[], /Say what to do with the queue/],
  ])('%j is answered with 64 and what would be right', async (args, words) => {
    expect(await lab.cli(...args)).toMatchObject({
      status: 64,
      stdout: '',
      stderr: expect.stringMatching(words),
    });
  });

  test('a variable that is wrong is named', async () => {
    const environment = { BASESHOP_TEST_LOCK_SCOPE: 'world' };
    expect(await lab.start(testGovernor, ['queue', 'status'], { environment }).ended).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('BASESHOP_TEST_LOCK_SCOPE=world: expected repo or machine'),
    });
  });

  test('a config that is wrong is named with status 78', async () => {
    const broken = openQueueLab();
    writeFileSync(join(broken.path, 'test-governor.config.json'), '{"mode":7}');
    expect(await broken.cli('status')).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('at /mode'),
    });
  });
});

describe('release', () => {
  test('takes nothing from a governed run, from one who waits, or from nobody', async () => {
    const lab = openQueueLab();
    lab.run('holder');
    await lab.started('holder');
    const waiter = lab.run('waiter');
    await waiter.says(/1st in line/);
    const { holders: held, tickets } = readQueueStatus(lab.queue, 'repo');
    expect(await lab.cli('release', held[0]?.id ?? '')).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/belongs to a governed run.* test-governor queue cancel --force/),
    });
    expect(await lab.cli('release', tickets[0]?.id ?? '')).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/still waits.* test-governor queue cancel/),
    });
    expect(await lab.cli('release', '99')).toMatchObject({ status: 1 });
    expect(await lab.cli('release', '--mine')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(lab.list('leases')).toHaveLength(1);
    expect(lab.list('tickets')).toHaveLength(1);
  });
});

describe('the script in docs/queue.md', () => {
  const text =
    /```bash\n(#![\s\S]*?)```/.exec(readFileSync(join(guardedRoot, 'docs/queue.md'), 'utf8'))?.[1] ?? '';

  function prepare(loadTest: string) {
    const lab = openQueueLab();
    writeFileSync(join(lab.path, 'script.sh'), text, { mode: 0o755 });
    writeFileSync(join(lab.path, 'load-test.sh'), `#!/bin/sh\n${loadTest}\n`, { mode: 0o755 });
    return lab;
  }

  test('waits for its turn, has the queue to itself, and gives its place back', async () => {
    const lab = prepare(`echo up; ${untilTold}`);
    const holder = lab.run('holder');
    await lab.started('holder');
    const script = lab.start('./script.sh', []);
    await script.says(/waiting, 1st in line/);
    lab.finish('holder');
    await script.says(/up/);
    expect((await holder.ended).status).toBe(0);
    const run = lab.run('next');
    await run.says(/waiting, 1st in line: load test \(pid/);
    lab.finish('script', 'next');
    expect(await script.ended).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^has its turn: \{"id":/),
    });
    expect((await run.ended).status).toBe(0);
    expect(lab.list('leases')).toEqual([]);
  });

  test('gives its place back when its work fails, and ends with the status of that', async () => {
    const lab = prepare('exit 7');
    expect((await lab.start('./script.sh', []).ended).status).toBe(7);
    expect(lab.list('leases')).toEqual([]);
  });
});
