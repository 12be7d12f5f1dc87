import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { baseEnvironment, openTerminal } from '../helpers/shell.ts';
import { jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace.ts';
import { openRunLab, runs, testGovernor, written } from './run-lab.ts';

const ctrlC = '\u0003';
const ctrlZ = '\u001a';

describe('a governed run on a terminal', () => {
  const lab = openRunLab();

  test('reads from it, and sees its size and that it is one', async () => {
    lab.runner('test -t 0 && test -t 1 && test -t 2 && stty size && read -r word && echo "heard $word"');
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: lab.path,
      env: lab.environment(),
    });
    await terminal.waitFor(/50 1000/);
    terminal.send('hello\n');
    await terminal.waitFor(/heard hello/);
    expect(await terminal.ended()).toBe(0);
  });

  test('says what it waits for also on a terminal that was given no size', async () => {
    lab.runner('echo up >"$LAB/holds"; while [ ! -e "$LAB/finish" ]; do sleep 0.02; done');
    const holder = lab.start();
    await written(lab.file('holds'));
    const terminal = openTerminal({
      command: 'sh',
      args: ['-c', 'stty rows 0 cols 0; exec "$0" run pytest', testGovernor],
      cwd: lab.path,
      env: lab.environment({ TERM: 'xterm' }),
    });
    await terminal.waitFor(/waiting, 1st in line, .*; (?:held for|just begun)/);
    writeFileSync(lab.file('finish'), '');
    expect(await terminal.ended()).toBe(0);
    await holder.ended;
  });

  test('gets Ctrl-C once, and its answer is the status', async () => {
    lab.runner(
      `trap 'echo "int" >>"$LAB/ints"; sleep 0.3; exit 9' INT; echo up >"$LAB/up"; while :; do sleep 0.02; done`,
    );
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: lab.path,
      env: lab.environment(),
    });
    await written(lab.file('up'));
    terminal.send(ctrlC);
    expect(await terminal.ended()).toBe(9);
    expect(readFileSync(lab.file('ints'), 'utf8')).toBe('int\n');
  });

  test('passes on what is sent to it alone, though a terminal would have told the runner', async () => {
    lab.runner(`trap 'exit 8' INT; echo "$PPID" >"$LAB/alone"; while :; do sleep 0.02; done`);
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: lab.path,
      env: lab.environment(),
    });
    const wrapper = (await written(lab.file('alone'))).trim();
    while (!spawnSync('pgrep', ['-P', wrapper, '-f', 'while read -r _'], { encoding: 'utf8' }).stdout)
      await pause(10);
    process.kill(Number(wrapper), 'SIGINT');
    expect(await terminal.ended()).toBe(8);
  });

  test('stops with Ctrl-Z and goes on with fg, as any job', async () => {
    // It starts nothing: a shell that is stopped while it starts a program waits for that one in the kernel instead (vfork(2)).
    lab.runner('mkfifo "$LAB/go"; echo "$$" >"$LAB/job"; read -r word <"$LAB/go"; echo "$word"');
    const terminal = openTerminal({
      command: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      cwd: lab.path,
      env: lab.environment({ PS1: '$ ' }),
    });
    terminal.send(`'${testGovernor}' run pytest\n`);
    const pid = Number(await written(lab.file('job')));
    terminal.send(ctrlZ);
    await terminal.waitFor(/Stopped/);
    // The shell speaks of the job as soon as its first process has stopped.
    while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await pause(10);
    terminal.send('fg\n');
    writeFileSync(lab.file('go'), 'finished\n');
    await terminal.waitFor(/finished/);
    terminal.send('echo st"atus" $?; exit\n');
    await terminal.waitFor(/status 0/);
    await terminal.ended();
  });

  test('ends when the terminal is closed, and leaves nothing behind', async () => {
    lab.runner('echo $$ >"$LAB/closed"; sleep 1000');
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: lab.path,
      env: lab.environment(),
    });
    const pid = Number(await written(lab.file('closed')));
    await terminal.close();
    while (runs(pid)) await pause(10);
    const status = () =>
      spawnSync(testGovernor, ['run', 'pytest'], {
        cwd: lab.path,
        env: lab.environment({ BASESHOP_QUEUE_TIMEOUT: '20' }),
      }).status;
    lab.runner('exit 0');
    expect(status()).toBe(0);
  });
});

describe('a second run on a terminal', () => {
  const lab = openRunLab();

  test('shows one line about its place that rewrites itself, and starts when the first has ended', async () => {
    lab.runner(
      'if mkdir "$LAB/first" 2>/dev/null; then while ! test -e "$LAB/go"; do sleep 0.02; done; fi; echo r"an"',
    );
    const first = lab.start();
    while (spawnSync('test', ['-d', lab.file('first')]).status !== 0) await new Promise(setImmediate);
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: lab.path,
      env: lab.environment({ TERM: 'xterm' }),
    });
    await terminal.waitFor(
      /\r.\[Ktest-governor: waiting, 1st in line, no estimate yet; held for .* by pytest \(pid \d+, /,
    );
    await terminal.waitFor(/\r.\[Ktest-governor: waiting, 1st in line/);
    spawnSync('touch', [lab.file('go')]);
    await terminal.waitFor(/starts now, after/);
    await terminal.waitFor(/ran/);
    expect(await terminal.ended()).toBe(0);
    expect(await first.ended).toMatchObject({ status: 0, stdout: 'ran\n' });
  });

  test('shows lines that stay where the terminal only prints, as an editor’s or an agent’s does', async () => {
    const printing = openRunLab();
    printing.runner('echo up >"$LAB/holds"; while [ ! -e "$LAB/finish" ]; do sleep 0.02; done');
    const holder = printing.start();
    await written(printing.file('holds'));
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'pytest'],
      cwd: printing.path,
      env: printing.environment({ TERM: 'dumb' }),
    });
    await terminal.waitFor(/^test-governor: waiting, 1st in line: pytest .* Waiting, not hung\.\r\n/);
    writeFileSync(printing.file('finish'), '');
    const [rest] = await terminal.waitFor(/[\s\S]*starts now, after/);
    expect(rest).not.toContain('\u001b');
    expect(await terminal.ended()).toBe(0);
    await holder.ended;
  });

  test('takes nothing away from what is typed in a shell that has put it into the background', async () => {
    const background = openRunLab();
    background.runner('echo up >"$LAB/holds"; while [ ! -e "$LAB/finish" ]; do sleep 0.02; done');
    const holder = background.start();
    await written(background.file('holds'));
    const terminal = openTerminal({
      command: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      cwd: background.path,
      env: background.environment({ PS1: '$ ', TERM: 'xterm' }),
    });
    terminal.send(`'${testGovernor}' run pytest &\n`);
    await terminal.waitFor(/waiting, 1st in line/);
    // In front its line would be rewritten twice by then.
    await pause(2500);
    terminal.send('echo al"ive"\n');
    const [since] = await terminal.waitFor(/[\s\S]*alive/);
    expect(since).not.toContain('\r\u001b[K');
    writeFileSync(background.file('finish'), '');
    terminal.send('wait; exit\n');
    expect(await terminal.ended()).toBe(0);
    await holder.ended;
  });
});

describe('watch-exclusive', () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
  });
  afterAll(() => workspace.cleanup());

  test('keeps a watching jest on the terminal, alone, until its user ends it', async () => {
    const env = baseEnvironment({ BASESHOP_ALLOW_WATCH_EXCLUSIVE: '1', TERM: 'xterm' });
    const terminal = openTerminal({
      command: testGovernor,
      args: ['run', 'watch-exclusive', '--', 'jest', '--watchAll'],
      cwd: workspace.path,
      env,
    });
    await terminal.waitFor(/1 passed/);
    await terminal.waitFor(/Watch Usage/);
    const other = spawnSync(testGovernor, ['run', 'jest'], {
      cwd: workspace.path,
      env: { ...env, BASESHOP_QUEUE_TIMEOUT: '0.2' },
      encoding: 'utf8',
    });
    expect(other.status).toBe(75);
    expect(other.stderr).toContain('watch-exclusive');
    // While it runs the tests anew, as it does when it hears late of a file, a watching jest takes a q for "stop this run".
    const pressing = setInterval(() => terminal.send('q'), 500);
    try {
      expect(await terminal.ended()).toBe(0);
    } finally {
      clearInterval(pressing);
    }
  });
});
