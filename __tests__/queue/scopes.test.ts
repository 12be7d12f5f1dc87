import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makePlaces } from '../../src/queue/places.ts';
import { openTerminal, readEvents } from '../helpers/shell.ts';
import { makeWorkspace, type Workspace } from '../helpers/workspace.ts';
import { openQueueLab, testGovernor } from './queue-lab.ts';

describe('the queue of a repository', () => {
  let repository: Workspace;
  beforeAll(() => {
    repository = makeWorkspace({ files: { 'readme.txt': 'text' }, git: true });
  });
  afterAll(() => repository.cleanup());

  test('is one for all its worktrees, and lies in the main one', async () => {
    const lab = openQueueLab();
    const worktree = join(repository.path, '../other worktree');
    const git = await lab.start('git', ['worktree', 'add', '-qb', 'other', worktree], {
      cwd: repository.path,
    }).ended;
    expect(git).toMatchObject({ status: 0 });
    const environment = { BASESHOP_STATE_DIR: '', VIRTUAL_ENV: join(lab.path, '.venv') };
    const first = lab.run('first', { cwd: worktree, environment });
    await lab.started('first');
    const second = lab.run('second', { cwd: repository.path, environment });
    await second.says(/waiting, 1st in line: pytest .*other worktree\) has run for/);
    const status = await lab.start(testGovernor, ['queue', 'status'], { cwd: worktree, environment }).ended;
    const queue = join(repository.path, '.cache/test-governor/queue');
    expect(status.stdout).toContain(`Queue of this repository (in force here): ${queue}\n`);
    lab.finish('first', 'second');
    // Both: the first one writes its event while the second runs.
    for (const { ended } of [first, second]) expect((await ended).status).toBe(0);
    expect(lab.log().map((line) => line.split(' ')[1])).toEqual(['first', 'first', 'second', 'second']);
  });
});

describe('the queue of the machine', () => {
  test('is shared by repositories, and stands beside theirs', async () => {
    const lab = openQueueLab();
    const [one, two] = [join(lab.path, 'one'), join(lab.path, 'two')];
    const runtime = join(lab.path, 'runtime');
    for (const path of [one, two, runtime]) mkdirSync(path);
    await lab.script('git init -q one; git init -q two').ended;
    const shared = { BASESHOP_STATE_DIR: '', XDG_RUNTIME_DIR: runtime, VIRTUAL_ENV: join(lab.path, '.venv') };
    const environment = { ...shared, BASESHOP_TEST_LOCK_SCOPE: 'machine' };
    const first = lab.run('first', { cwd: one, environment });
    await lab.started('first');
    const second = lab.run('second', { cwd: two, environment });
    await second.says(/waiting, 1st in line: pytest .*one\) has run for/);
    const third = lab.run('third', { cwd: two, environment: shared });
    await lab.started('third');
    const status = await lab.start(testGovernor, ['queue', 'status', '--json'], { cwd: two, environment })
      .ended;
    expect(JSON.parse(status.stdout)).toMatchObject({
      scope: 'machine',
      queues: [
        {
          scope: 'machine',
          directory: join(runtime, 'test-governor/queue'),
          holders: [{ cwd: one, state: 'running', uncounted: null }],
          tickets: [{ cwd: two, position: 1, state: 'active' }],
        },
        {
          scope: 'repo',
          directory: join(two, '.cache/test-governor/queue'),
          holders: [{ cwd: two }],
          tickets: [],
        },
      ],
    });
    lab.finish('first', 'second', 'third');
    const ends = await Promise.all([first, second, third].map(({ ended }) => ended));
    expect(ends.map(({ status: code }) => code)).toEqual([0, 0, 0]);
  });

  test.each<[string, RegExp, (directory: string) => void]>([
    [
      'that others can write to',
      /test-governor is writable by other users/,
      (directory) => {
        writeFileSync(join(directory, 'of somebody'), '');
        chmodSync(directory, 0o777);
      },
    ],
    ...(process.geteuid?.() === 0
      ? [
          [
            'that another user owns',
            /test-governor is owned by another user \(uid 65534\)/,
            (directory: string) => chownSync(directory, 65534, 65534),
          ] as [string, RegExp, (directory: string) => void],
        ]
      : []),
  ])('is refused in a directory %s', async (_, reason, spoil) => {
    const lab = openQueueLab();
    const directory = join(lab.path, 'runtime/test-governor');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    spoil(directory);
    const environment = {
      BASESHOP_STATE_DIR: '',
      XDG_RUNTIME_DIR: join(lab.path, 'runtime'),
      BASESHOP_TEST_LOCK_SCOPE: 'machine',
    };
    const run = await lab.run('refused', { environment }).ended;
    expect(run).toMatchObject({ status: 75, stderr: expect.stringMatching(reason) });
    const acquire = await lab.start(testGovernor, ['queue', 'acquire', '--pid', String(process.pid)], {
      environment,
    }).ended;
    expect(acquire).toMatchObject({ status: 75, stdout: '', stderr: expect.stringMatching(reason) });
    const status = await lab.start(testGovernor, ['queue', 'status'], { environment }).ended;
    expect(status).toMatchObject({ status: 75, stderr: expect.stringMatching(reason) });
    expect(lab.log()).toEqual([]);
  });

  test('is refused below a directory that others can write to', async () => {
    const lab = openQueueLab();
    const around = join(lab.path, 'shared');
    mkdirSync(around);
    writeFileSync(join(around, 'of somebody'), '');
    chmodSync(around, 0o777);
    const environment = { BASESHOP_STATE_DIR: around, BASESHOP_TEST_LOCK_SCOPE: 'machine' };
    const run = await lab.run('refused', { environment }).ended;
    expect(run).toMatchObject({
      status: 75,
      stderr: expect.stringMatching(/shared is writable by other users/),
    });
    expect(existsSync(join(around, 'machine'))).toBe(false);
  });
});

describe('outside of any repository', () => {
  test('there is only the queue of the machine, and it is called that', async () => {
    const lab = openQueueLab();
    const runtime = join(lab.path, 'runtime');
    mkdirSync(runtime);
    const environment = { BASESHOP_STATE_DIR: '', XDG_RUNTIME_DIR: runtime };
    const title = `Queue of this machine (in force here): ${join(runtime, 'test-governor/queue')}\n`;
    const queueStatus = await lab.start(testGovernor, ['queue', 'status'], { environment }).ended;
    expect(queueStatus.stdout).toBe(`${title}  free: nobody runs, nobody waits\n`);
    const status = await lab.start(testGovernor, ['status'], { environment }).ended;
    expect(status.stdout).toContain(title.replace(' (in force here)', ''));
  });

  test('a state directory that was chosen has its own queue, which is no repository’s', async () => {
    const lab = openQueueLab();
    const { stdout } = await lab.cli('status');
    expect(stdout).toContain(`Queue of this state directory (in force here): ${lab.queue}\n`);
    expect(stdout).toContain(`Queue of this machine: ${join(lab.state, 'machine/queue')}\n`);
    await lab.script('git init -q').ended;
    expect((await lab.cli('status')).stdout).toContain(
      `Queue of this repository (in force here): ${lab.queue}\n`,
    );
  });
});

describe('a run that skips the queue', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      'CI',
      { CI: 'true' },
      /skipped the queue \(CI is set and BASESHOP_CI_QUEUE is not\), nobody waits for it/,
    ],
    [
      'an overload override',
      { BASESHOP_ALLOW_OVERLOAD: '1' },
      /skipped the queue \(BASESHOP_ALLOW_OVERLOAD\), nobody waits for it/,
    ],
  ])('because of %s starts at once, is shown, and holds nobody up', async (_, environment, words) => {
    const lab = openQueueLab();
    const holder = lab.run('holder');
    await lab.started('holder');
    const skipping = lab.run('skipping', { environment });
    await lab.started('skipping');
    expect((await lab.cli('status')).stdout).toMatch(words);
    lab.finish('holder', 'next');
    expect((await holder.ended).status).toBe(0);
    expect((await lab.run('next').ended).status).toBe(0);
    lab.finish('skipping');
    expect((await skipping.ended).status).toBe(0);
    expect(readEvents(lab.state).at(-1)).toMatchObject({
      class: 'pytest',
      admitted: null,
      queue_scope: null,
      override_overload_used: environment.BASESHOP_ALLOW_OVERLOAD === '1',
    });
  });

  test('in CI does not when BASESHOP_CI_QUEUE is set', async () => {
    const lab = openQueueLab();
    const holder = lab.run('holder', { environment: { CI: 'true', BASESHOP_CI_QUEUE: '1' } });
    await lab.started('holder');
    const waiter = lab.run('waiter', { environment: { CI: 'true', BASESHOP_CI_QUEUE: '1' } });
    await waiter.says(/waiting, 1st in line/);
    lab.finish('holder', 'waiter');
    expect((await holder.ended).status).toBe(0);
    expect((await waiter.ended).status).toBe(0);
  });
});

describe('a wait ends', () => {
  const lab = openQueueLab();
  beforeAll(async () => {
    lab.run('holder');
    await lab.started('holder');
  });

  test('with 75 when its time is up, and a sentence that names the next command', async () => {
    const environment = { BASESHOP_QUEUE_TIMEOUT: '0.2' };
    const { status, stderr } = await lab.run('late', { environment }).ended;
    expect(stderr).toMatch(
      /no tests ran\. Gave up after \d+ .*s in the queue \(cpu: needs \d+ slots?, 0 of 1 free\); "test-governor queue status" shows who runs and who waits/,
    );
    expect(status).toBe(75);
  });

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
    ['SIGALRM', 142],
  ])('with the status of %s, and the ticket is gone', async (signal, expected) => {
    const waiter = lab.run('signalled');
    await waiter.says(/waiting, 1st in line/);
    waiter.child.kill(signal);
    const { status, stderr } = await waiter.ended;
    expect(stderr).toContain('interrupted while it waited; no tests ran.');
    expect(status).toBe(expected);
    expect(lab.list('tickets')).toEqual([]);
  });

  test('with 130 at Ctrl-C in a terminal', async () => {
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest', '--', 'typed'],
      cwd: lab.path,
      env: lab.environment(),
    });
    await terminal.waitFor(/waiting, 1st in line/);
    terminal.send('\u0003');
    expect(await terminal.ended()).toBe(130);
    expect(lab.log()).toHaveLength(1);
    expect(lab.list('leases')).toHaveLength(1);
    expect(lab.list('tickets')).toEqual([]);
  });
});

test('a queue is made with mode 0700 whatever the umask', () => {
  const { queue, state } = openQueueLab();
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const before = process.umask(0o177);
  try {
    makePlaces(queue);
  } finally {
    process.umask(before);
  }
  const modes = [queue, join(queue, 'tickets'), join(queue, 'leases')].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o700]);
});
