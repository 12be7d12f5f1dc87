import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runnerOf } from '../../src/runner/runner-process.ts';
import { supervise } from '../../src/runner/supervise.ts';
import { readEvents } from '../helpers/shell.ts';
import { isStopped, until } from '../queue/queue-lab.ts';
import { openRunLab, runs, testGovernor, written } from './run-lab.ts';

/** The pid of the process beside a run that tells signals to its group from those to the wrapper; null while there is none. */
function witnessOf(wrapper: number): number | null {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      try {
        const isChild = new RegExp(`\\) [^ZX] ${wrapper} `).test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
        return isChild && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('while read -r _');
      } catch {
        return false;
      }
    });
  return found === undefined ? null : Number(found);
}

/** How a run's processes are known: by control groups where they can be made, and without. */
const ways = [{ BASESHOP_CGROUPS: 'on' }, { BASESHOP_CGROUPS: 'off' }];

describe('a governed run ends with', () => {
  const lab = openRunLab();

  test.each([0, 1, 5, 77, 255])('the runner’s own status %d', async (status) => {
    lab.runner(`exit ${status}`);
    expect(await lab.start().ended).toMatchObject({ status });
  });

  test.each([
    ['SEGV', 139],
    ['KILL', 137],
    ['TERM', 143],
  ])('128+n when SIG%s ended the runner', async (name, status) => {
    lab.runner(`kill -${name} $$`);
    expect(await lab.start().ended).toMatchObject({ status });
  });

  test('127 and a sentence when the runner’s interpreter is not there', async () => {
    lab.runner('#!/no/such/interpreter\n');
    const { status, stderr } = await lab.start().ended;
    expect(status).toBe(127);
    expect(stderr).toContain('no tests ran.');
  });
});

describe('what a governed run is given and gives', () => {
  const lab = openRunLab();

  test('stdin, stdout and stderr are the runner’s own, byte for byte', async () => {
    lab.runner("cat; printf 'a\\0b\\377' | od -An -tx1; echo err >&2");
    const { stdout, stderr, status } = await lab.start({ stdin: 'through\u0000 and ü' }).ended;
    expect(stdout).toBe('through\u0000 and ü 61 00 62 ff\n');
    expect(stderr).toBe('err\n');
    expect(status).toBe(0);
  });

  test('the arguments arrive as they were given', async () => {
    lab.runner('printf "[%s]" "$@"');
    const args = ['a b', '', '--flag=it"s', '$(touch no)', 'ü\n'];
    expect((await lab.start({ args }).ended).stdout).toContain('[a b][][--flag=it"s][$(touch no)][ü\n]');
  });

  test('the environment names the context, the lease and nothing of an earlier decision', async () => {
    lab.runner('env');
    const environment = { BASESHOP_GUARD_DECISION: 'f'.repeat(32) };
    const { stdout } = await lab.start({ environment }).ended;
    expect(stdout).toMatch(/^BASESHOP_GOVERNED_CONTEXT=1$/m);
    expect(stdout).toMatch(/^BASESHOP_GOVERNED_LEASE=\d+-[0-9a-f]{16}$/m);
    expect(stdout).not.toContain('GUARD_DECISION');
  });
});

describe('a signal to a governed run', () => {
  const lab = openRunLab();

  test.each(['INT', 'TERM', 'HUP', 'QUIT', 'ALRM'])(
    'SIG%s is passed on, and the runner’s answer is the status',
    async (name) => {
      lab.runner(
        `trap 'echo got ${name}; exit 42' ${name}; echo up >"$LAB/${name}.up"; while :; do sleep 0.05; done`,
      );
      const run = lab.start();
      await written(lab.file(`${name}.up`));
      run.child.kill(`SIG${name}` as NodeJS.Signals);
      const { status, stdout } = await run.ended;
      expect(stdout).toContain(`got ${name}`);
      expect(status).toBe(42);
    },
  );

  /** Counts a signal; goes on until there is a file of this name. */
  const counting = (name: string, signal: string) =>
    `trap 'echo ${signal} >>"$LAB/${name}.heard"' ${signal}; echo up >"$LAB/${name}.up"; until [ -e "$LAB/${name}.end" ]; do sleep 0.02; done`;

  /** The run's wrapper in a process group of its own, once its witness stands in it. */
  async function startInGroup(name: string): Promise<{ group: number; ended: Promise<unknown> }> {
    const child = spawn(testGovernor, ['run', 'pytest'], {
      cwd: lab.path,
      env: lab.environment(),
      stdio: 'ignore',
      detached: true,
    });
    const ended = once(child, 'close');
    await written(lab.file(`${name}.up`));
    const group = child.pid ?? 0;
    await until(() => witnessOf(group) !== null);
    return { group, ended };
  }

  test.each(['INT', 'TERM', 'HUP', 'QUIT', 'ALRM'])(
    'SIG%s for the whole process group reaches the runner once, and again when it is sent again',
    async (signal) => {
      const name = `group ${signal}`;
      const heard = () =>
        readFileSync(lab.file(`${name}.heard`), 'utf8')
          .trim()
          .split('\n').length;
      lab.runner(counting(name, signal));
      const { group, ended } = await startInGroup(name);
      const witness = witnessOf(group);
      process.kill(-group, `SIG${signal}`);
      await written(lab.file(`${name}.heard`));
      // It stands for the next one.
      await until(() => ![witness, null].includes(witnessOf(group)));
      expect(heard()).toBe(1);
      writeFileSync(lab.file(`${name}.end`), '');
      await ended;
      expect(heard()).toBe(1);
      expect(witnessOf(group)).toBeNull();
    },
  );

  test('for the wrapper and then for its group, as timeout(1) sends it, reaches the runner once', async () => {
    lab.runner(counting('twice', 'TERM'));
    const { group, ended } = await startInGroup('twice');
    const witness = witnessOf(group);
    // Nothing of it is heard before all of it has been sent.
    process.kill(group, 'SIGSTOP');
    process.kill(group, 'SIGTERM');
    process.kill(-group, 'SIGTERM');
    process.kill(group, 'SIGCONT');
    await until(() => ![witness, null].includes(witnessOf(group)));
    expect(await written(lab.file('twice.heard'))).toBe('TERM\n');
    writeFileSync(lab.file('twice.end'), '');
    await ended;
    expect(readFileSync(lab.file('twice.heard'), 'utf8')).toBe('TERM\n');
  });

  test('is passed on that was for the wrapper alone, also while its group is signalled otherwise', async () => {
    lab.runner(counting('alone', 'TERM'));
    const { group, ended } = await startInGroup('alone');
    const witness = witnessOf(group) ?? 0;
    // As another signal to the group would.
    process.kill(witness, 'SIGALRM');
    await until(() => ![witness, null].includes(witnessOf(group)));
    process.kill(group, 'SIGTERM');
    expect(await written(lab.file('alone.heard'))).toBe('TERM\n');
    writeFileSync(lab.file('alone.end'), '');
    await ended;
  });

  test('for the process group is passed on to a runner in another one', async () => {
    const inner = lab.file('inner.sh');
    writeFileSync(inner, counting('other', 'TERM'));
    lab.runner(
      `#!/usr/bin/env python3\nimport os\nos.setpgid(0, 0)\nos.execv('/bin/sh', ['sh', ${JSON.stringify(inner)}])`,
    );
    const { group, ended } = await startInGroup('other');
    process.kill(-group, 'SIGTERM');
    expect(await written(lab.file('other.heard'))).toBe('TERM\n');
    writeFileSync(lab.file('other.end'), '');
    await ended;
  });

  test('that the runner ignores ends the run by force after the grace period', async () => {
    lab.runner(`trap '' TERM; echo $$ >"$LAB/stubborn"; while :; do sleep 0.05; done`);
    const run = lab.start({ environment: { BASESHOP_KILL_GRACE: '0.3' } });
    const pid = Number(await written(lab.file('stubborn')));
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ status: 137 });
    expect(runs(pid)).toBe(false);
  });

  test('given a second time hurries the run’s end', async () => {
    lab.runner(`trap 'echo once >>"$LAB/ints"' INT; echo $$ >"$LAB/hurry"; while :; do sleep 0.05; done`);
    const run = lab.start({ environment: { BASESHOP_KILL_GRACE: '60' } });
    await written(lab.file('hurry'));
    run.child.kill('SIGINT');
    await written(lab.file('ints'));
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ status: 143 });
  });

  test('given twice leaves nothing behind to be named: what ends with the runner was told to', async () => {
    lab.runner(
      `trap 'echo once >>"$LAB/both"' INT; sh -c "trap '' INT TERM; while :; do sleep 0.05; done" & echo $! >"$LAB/worker"; while :; do sleep 0.05; done`,
    );
    const run = lab.start({ environment: { BASESHOP_KILL_GRACE: '0.5' } });
    const worker = Number(await written(lab.file('worker')));
    run.child.kill('SIGINT');
    await written(lab.file('both'));
    run.child.kill('SIGINT');
    const { stderr } = await run.ended;
    expect(runs(worker)).toBe(false);
    expect(stderr).not.toContain('left behind');
    expect(readEvents(lab.state).at(-1)).toMatchObject({ event: 'run', left_behind: 0 });
  });

  test('ends what is left of a run at once when its runner has ended', async () => {
    lab.runner(`sh -c "trap '' INT TERM; while :; do sleep 0.05; done" & echo $! >"$LAB/left"; exit 3`);
    const run = lab.start({ environment: { BASESHOP_KILL_GRACE: '600' } });
    const left = Number(await written(lab.file('left')));
    const words = await new Promise<string>((resolve) => run.child.stderr?.once('data', resolve));
    expect(words).toMatch(/what it left behind gets 10 min to end, too \(Ctrl-C ends it now\)/);
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ status: 3 });
    expect(runs(left)).toBe(false);
  });

  test('reaches a runner that stands still: it goes on, and its answer is the status', async () => {
    lab.runner(`trap 'exit 9' TERM; echo $$ >"$LAB/still"; while :; do sleep 0.05; done`);
    const run = lab.start({ environment: { BASESHOP_KILL_GRACE: '60' } });
    const pid = Number(await written(lab.file('still')));
    process.kill(pid, 'SIGSTOP');
    await until(() => isStopped(pid));
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ status: 9 });
  });
});

test('a signal that we may not send to the runner (to sudo) does not end the run', async () => {
  const ready = spawn('/bin/sh', ['-c', 'read -r line; exit 5'], { stdio: ['pipe', 'inherit', 'inherit'] });
  const end = await supervise(
    {
      program: { kind: 'native', file: '/bin/sh' },
      args: [],
      cwd: '/',
      environment: {},
      ready: runnerOf(ready),
      timeoutMs: null,
      graceMs: 0,
    },
    {
      onStarted() {
        // As node does when kill(2) fails.
        ready.emit('error', new Error('kill EPERM'));
        ready.stdin.end('\n');
      },
      onAsked: () => undefined,
      onEnded: () => undefined,
      endAll: () => Promise.resolve(),
    },
  );
  expect(end).toMatchObject({ kind: 'ended', status: 5 });
});

describe.each(ways)('a run whose time is up (%o)', (way) => {
  const lab = openRunLab();

  test('ends with 124, and nothing of its tree is left', async () => {
    lab.runner(`
      sleep 1000 & echo $! >>"$LAB/pids"
      setsid sleep 1001 & echo $! >>"$LAB/pids"
      (setsid sh -c 'sleep 1002 & echo $! >>"$LAB/pids"' &)
      (trap "" TERM; echo $$ >>"$LAB/pids"; while :; do sleep 0.1; done) &
      sleep 1003`);
    const run = lab.start({
      environment: { ...way, BASESHOP_TEST_TIMEOUT: '1', BASESHOP_KILL_GRACE: '0.5' },
    });
    const { status, stderr } = await run.ended;
    const pids = (await written(lab.file('pids'))).trim().split('\n').map(Number);
    expect(status).toBe(124);
    expect(stderr).toContain('its time was up (1 s, BASESHOP_TEST_TIMEOUT)');
    expect(pids).toHaveLength(4);
    expect(pids.filter(runs)).toEqual([]);
    expect(readEvents(lab.state).at(-1)).toMatchObject({
      event: 'run',
      outcome: 'timed-out',
      exit_code: 124,
    });
  });

  test('gives its children the whole grace period, also when the runner itself ends at once', async () => {
    writeFileSync(lab.file('cleaned'), '');
    lab.runner(`(trap 'sleep 0.4; echo done >"$LAB/cleaned"; exit' TERM; while :; do sleep 0.05; done) &
      echo up >"$LAB/up"; exec sleep 1000`);
    const run = lab.start({
      environment: { ...way, BASESHOP_TEST_TIMEOUT: '0.5', BASESHOP_KILL_GRACE: '30' },
    });
    expect(await run.ended).toMatchObject({ status: 124 });
    expect(await written(lab.file('cleaned'))).toBe('done\n');
  });
});

test('the limit that a run has reached is said as it was set, fraction and all', async () => {
  const lab = openRunLab();
  lab.runner('exec sleep 1000');
  const run = lab.start({ environment: { BASESHOP_TEST_TIMEOUT: '1.2', BASESHOP_KILL_GRACE: '0.5' } });
  expect((await run.ended).stderr).toContain('its time was up (1.2 s, BASESHOP_TEST_TIMEOUT)');
});

test('a run’s last words reach a reader that is behind, also where a killed runner left standard error non-blocking', async () => {
  const lab = openRunLab();
  // Node makes a pipe blocking again when it ends, but not when it is killed.
  lab.runner(`#!${process.execPath}
    process.stderr.write('x'.repeat(1e6));
    require('child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    require('fs').writeFileSync(process.env.LAB + '/up', 'up');
    process.kill(process.pid, 'SIGKILL');`);
  // A shell's pipe: node would give a socket.
  const reading = 'until [ -e "$LAB/reading" ]; do sleep 0.05; done; tail -c 1000';
  const pipeline = spawn('sh', ['-c', `"$0" run pytest 2>&1 >/dev/null | { ${reading}; }`, testGovernor], {
    cwd: lab.path,
    env: lab.environment({ BASESHOP_KILL_GRACE: '0.2' }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let tail = '';
  pipeline.stdout.setEncoding('utf8').on('data', (text: string) => {
    tail += text;
  });
  await written(lab.file('up'));
  // Its last words are due when its place is free, and find no room.
  await until(() => readdirSync(`${lab.state}/queue/leases`).length === 0);
  writeFileSync(lab.file('reading'), '');
  await once(pipeline, 'close');
  expect(tail).toMatch(/ended 1 process that the run left behind: sleep/);
});

describe.each(ways)('processes that a run leaves behind (%o)', (way) => {
  const lab = openRunLab();

  test('are ended and named, and the runner’s status stays', async () => {
    lab.runner('setsid sleep 1000 >/dev/null 2>&1 & echo $! >"$LAB/left"; exit 3');
    const { status, stderr } = await lab.start({ environment: way }).ended;
    const pid = Number(await written(lab.file('left')));
    expect(status).toBe(3);
    expect(stderr).toContain(`ended 1 process that the run left behind: sleep (${pid})`);
    expect(runs(pid)).toBe(false);
    expect(readEvents(lab.state).at(-1)).toMatchObject({ event: 'run', left_behind: 1, exit_code: 3 });
  });
});
