import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, openTerminal, runShell, type ShellResult } from '../helpers/shell';
import { awkwardName, jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace';
import {
  environmentBelow,
  installation,
  posixShells,
  temporaryDirectory,
  withGuard,
  writeProgram,
} from './shim-lab';

jest.setTimeout(60_000);

const made: Workspace[] = [];

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

function workspace(): Workspace {
  const one = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
  made.push(one);
  return one;
}

describe('with-guard sets up everything that is inherited', () => {
  test('the shims first on PATH, BASH_ENV, ZDOTDIR, the preload, its root', async () => {
    const env = baseEnvironment();
    expect(await environmentBelow([withGuard], env)).toMatchObject({
      PATH: `${join(guardedRoot, 'shims')}${delimiter}${env.PATH}`,
      BASH_ENV: join(guardedRoot, 'hooks/bash-env.bash'),
      ZDOTDIR: join(guardedRoot, 'hooks/zsh'),
      NODE_OPTIONS: expect.stringMatching(/^--require \/\S+preload\.cjs$/),
      BASESHOP_GUARD_ROOT: guardedRoot,
      SHLVL: '1',
    });
  });

  test('and keeps what the user has of it', async () => {
    const given = {
      BASH_ENV: '$HOME/my.bash',
      ZDOTDIR: '/my zsh',
      NODE_OPTIONS: '--no-warnings --require "/my \\"own\\".cjs"',
      PROMPT_COMMAND: 'echo mine;',
      SHLVL: '3',
    };
    const env = await environmentBelow([withGuard], baseEnvironment(given));
    expect(env).toMatchObject({
      BASESHOP_GUARD_USER_BASH_ENV: given.BASH_ENV,
      BASESHOP_GUARD_USER_ZDOTDIR: given.ZDOTDIR,
      SHLVL: '3',
    });
    expect(env.NODE_OPTIONS).toMatch(/^--no-warnings --require "\/my \\"own\\"\.cjs" --require \S+$/);
    expect(env.PROMPT_COMMAND?.split('\n')[0]).toBe('echo mine;');
  });

  test.each([
    ['itself', [withGuard, withGuard]],
    ['itself, three deep through a shell', [withGuard, 'sh', '-c', '"$@"', 'sh', withGuard, withGuard]],
  ] as const)('below %s as it does alone', async (_what, command) => {
    const env = baseEnvironment({
      BASH_ENV: '/mine',
      ZDOTDIR: '/zmine',
      NODE_OPTIONS: '--no-warnings',
      SHLVL: '2',
    });
    const once = await environmentBelow([withGuard], env);
    const { PWD: _pwd, OLDPWD: _oldpwd, ...below } = await environmentBelow([...command], env);
    const { PWD, OLDPWD, ...alone } = once;
    expect(below).toEqual(alone);
  });

  test('in the place of another installation’s, without chaining to that one', async () => {
    const other = join(installation('other'), 'bin/with-guard');
    const env = baseEnvironment({ BASH_ENV: '/mine', ZDOTDIR: '/zmine', NODE_OPTIONS: '--no-warnings' });
    const below = await environmentBelow([other, withGuard], env);
    expect(below).toMatchObject({
      BASH_ENV: join(guardedRoot, 'hooks/bash-env.bash'),
      BASESHOP_GUARD_USER_BASH_ENV: '/mine',
      BASESHOP_GUARD_USER_ZDOTDIR: '/zmine',
    });
    expect(below.NODE_OPTIONS?.match(/--require/g)).toHaveLength(1);
  });

  test.each([
    [{}, undefined],
    [{ BASESHOP_POLICY_MODE: 'warn' }, 'warn'],
    [{ BASESHOP_POLICY_MODE: 'enforce' }, 'enforce'],
    [{ BASESHOP_POLICY_MODE: 'off' }, 'off'],
    [{ BASESHOP_POLICY_MODE: 'strict' }, undefined],
    [{ BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'warn' }, 'enforce'],
    [{ BASESHOP_GUARD_MODE: 'enforce', BASESHOP_POLICY_MODE: 'off' }, 'enforce'],
    [{ BASESHOP_GUARD_MODE: 'warn', BASESHOP_POLICY_MODE: 'off' }, 'warn'],
    [{ BASESHOP_GUARD_MODE: 'off', BASESHOP_POLICY_MODE: 'warn' }, 'warn'],
    [{ BASESHOP_GUARD_MODE: 'warn', BASESHOP_POLICY_MODE: 'enforce' }, 'enforce'],
    [{ BASESHOP_GUARD_MODE: 'enforce' }, 'enforce'],
  ])('%j gives everything below the mode %s', async (given, mode) => {
    const env = await environmentBelow([withGuard], baseEnvironment(given));
    expect(env.BASESHOP_GUARD_MODE).toBe(mode);
  });

  test.each([
    ['without one', undefined, '/usr/local/bin:/usr/bin:/bin'],
    ['with an empty one, which means the current directory', '', ''],
    ['with empty entries', '/usr/bin::/bin:', '/usr/bin::/bin:'],
    ['with the shims further back', `/usr/bin:${join(guardedRoot, 'shims')}:/bin`, '/usr/bin:/bin'],
  ])('PATH %s', async (_what, value, rest) => {
    const { PATH: _, ...env } = baseEnvironment();
    const { PATH } = await environmentBelow([withGuard], value === undefined ? env : { ...env, PATH: value });
    if (value === undefined) {
      // What follows is the shell's own default.
      expect(PATH?.startsWith(`${join(guardedRoot, 'shims')}:/`)).toBe(true);
    } else expect(PATH).toBe(`${join(guardedRoot, 'shims')}:${rest}`);
  });

  test.each(['', '0'])('a shell level for bash, which takes level %j for a remote login', async (level) => {
    const { SHLVL: _, ...env } = baseEnvironment(level === '' ? {} : { SHLVL: level });
    for (const { command } of posixShells) {
      const { SHLVL } = await environmentBelow([...command, withGuard], env);
      expect(Number(SHLVL)).toBeGreaterThanOrEqual(1);
    }
  });

  test.each(posixShells)('when $name reads it', async ({ command: [shell, ...args] }) => {
    const root = installation(awkwardName);
    const env = baseEnvironment();
    const below = await environmentBelow([shell, ...args, join(root, 'bin/with-guard')], env);
    expect(below.PATH?.startsWith(`${join(root, 'shims')}:`)).toBe(true);
    expect(below.ZDOTDIR).toBe(join(root, 'hooks/zsh'));
    const enforced = await runShell({
      shell,
      args: [...args, join(root, 'bin/with-guard'), process.execPath, 'node_modules/.bin/jest'],
      cwd: workspace().path,
      env: { ...env, BASESHOP_POLICY_MODE: 'enforce' },
    });
    expect(enforced).toMatchObject({ status: 126 });
  });
});

describe('with-guard finds its own directory', () => {
  test('behind links, relative and absolute', async () => {
    const root = installation();
    const lab = temporaryDirectory();
    symlinkSync(relative(lab, join(root, 'bin/with-guard')), join(lab, 'first'));
    symlinkSync(join(lab, 'first'), join(lab, 'second'));
    expect((await environmentBelow([join(lab, 'second')], baseEnvironment())).BASESHOP_GUARD_ROOT).toBe(root);
  });

  test('by a relative path, from PATH, under a CDPATH', async () => {
    const root = installation();
    const env = { ...baseEnvironment({ CDPATH: '/tmp:/usr' }), BASESHOP_GUARD_ROOT: '' };
    for (const script of [
      'cd "$1" && bin/with-guard env',
      'cd "$1/bin" && ./with-guard env',
      'PATH=$1/bin:$PATH; with-guard env',
    ]) {
      const { stdout } = await runShell({ shell: 'sh', args: ['-c', script, 'sh', root], env });
      expect(stdout).toContain(`BASESHOP_GUARD_ROOT=${root}\n`);
    }
  });

  test('and says so in one sentence when there is nothing beside it; the command runs', async () => {
    const lab = temporaryDirectory();
    cpSync(withGuard, join(lab, 'bin/with-guard'));
    const env = baseEnvironment();
    const result = await runShell({
      shell: join(lab, 'bin/with-guard'),
      args: ['sh', '-c', 'echo "$PATH"'],
      env,
    });
    expect(result).toMatchObject({
      status: 0,
      stdout: `${env.PATH}\n`,
      stderr:
        'with-guard: hooks/ and shims/ are not next to bin/, so nothing is guarded: run test-governor generate\n',
    });
  });
});

describe('with-guard passes everything through', () => {
  function run(
    args: readonly string[],
    more: Partial<{ stdin: string; cwd: string }> = {},
  ): Promise<ShellResult> {
    return runShell({ shell: withGuard, args, env: baseEnvironment(), ...more });
  }

  test('arguments, stdin, stdout, stderr, exit status', async () => {
    const script = 'printf "<%s>" "$@"; cat; echo err >&2; exit 42';
    expect(
      await run(['sh', '-c', script, 'sh', '', 'a  b', '*', '--help', '\n'], { stdin: 'input' }),
    ).toEqual({
      status: 42,
      signal: null,
      stdout: '<><a  b><*><--help><\n>input',
      stderr: 'err\n',
    });
  });

  test('the process: same pid, signals reach the command and end it', async () => {
    const child = spawn(withGuard, ['sh', '-c', 'echo $$; exec sleep 600'], {
      env: baseEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(child.stdout, 'data');
    expect(Number(pid)).toBe(child.pid);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });

  test('ignored signals, closed descriptors, a directory that was removed', async () => {
    const script = `trap '' INT; mkdir d && cd d && rmdir ../d && "$1" grep SigIgn /proc/self/status 2>&- <&-`;
    const result = await runShell({
      shell: 'sh',
      args: ['-c', script, 'sh', withGuard],
      cwd: temporaryDirectory(),
      env: baseEnvironment(),
    });
    expect(result.stdout).toMatch(/^SigIgn:\t0{14}[0-9a-f][2367abef]\n$/);
  });

  test('the terminal, and Ctrl-C', async () => {
    const terminal = openTerminal({
      command: withGuard,
      args: ['sh', '-c', 'test -t 0 && test -t 1 && test -t 2 && echo rea""dy; exec sleep 600'],
    });
    await terminal.waitFor(/ready/);
    terminal.send('\x03');
    expect(await terminal.ended()).toBe(130);
  });

  test.each([
    [
      'a command that does not exist',
      ['no-such-command'],
      127,
      'with-guard: no-such-command: command not found\n',
    ],
    ['a path that does not exist', ['/no/such'], 127, 'with-guard: /no/such: No such file or directory\n'],
    ['a directory', ['/usr'], 126, 'with-guard: /usr: Permission denied\n'],
    ['a file that is not executable', ['/etc/passwd'], 126, 'with-guard: /etc/passwd: Permission denied\n'],
  ])('%s gives what a shell gives', async (_what, args, status, stderr) => {
    expect(await run(args)).toMatchObject({ status, stdout: '', stderr });
  });

  test('a script without a #! line runs', async () => {
    const file = writeProgram(join(temporaryDirectory(), 'plain'), 'echo plain "$1"\n');
    expect(await run([file, 'one'])).toMatchObject({ status: 0, stdout: 'plain one\n' });
  });

  test.each([
    ['no arguments', []],
    ['an unknown option', ['--verbose', 'sh']],
    ['an empty command', ['']],
    ['nothing behind --', ['--']],
  ])('%s is bad usage: 64', async (_what, args) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('usage: with-guard <command> [arguments...]');
  });

  test.each(['--help', '-h'])('%s explains it', async (option) => {
    expect(await run([option])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('usage: with-guard'),
    });
  });

  test('-- may stand before the command', async () => {
    expect(await run(['--', 'echo', 'x'])).toMatchObject({ status: 0, stdout: 'x\n' });
  });
});

describe('below with-guard, under enforce, tests do not run in', () => {
  test.each([
    ['bash -c', ['bash', '-c', 'npx jest']],
    ['zsh -c', ['zsh', '-c', 'npx jest']],
    ['sh -c', ['sh', '-c', './node_modules/.bin/jest']],
    ['dash -c', ['dash', '-c', 'npx jest && echo next']],
    ['an agent that node runs', ['node', 'agent.js']],
    ['a runner itself', ['npx', 'jest']],
    ['env, which drops PATH', ['env', 'PATH=/usr/bin:/bin', process.execPath, 'node_modules/.bin/jest']],
  ])('%s: 126', async (_what, args) => {
    const one = workspace();
    writeFileSync(
      join(one.path, 'agent.js'),
      "require('node:child_process').exec('npx jest').on('exit', (status) => process.exit(status));\n",
    );
    const env = baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce', CI: '1' });
    const result = await runShell({ shell: withGuard, args, cwd: one.path, env });
    expect({ status: result.status, runs: one.runs(), stdout: result.stdout }).toEqual({
      status: 126,
      runs: 0,
      stdout: '',
    });
  });
});
