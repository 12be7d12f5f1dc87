import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, runShell, type ShellResult } from '../helpers/shell';
import { posixShells, shims, temporaryDirectory, toolsDirectory, writeEcho, writeProgram } from './shim-lab';

// Each of these takes milliseconds; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

const awkward = [
  ['a space', 'with space'],
  ['quotes', `it's "so"`],
  ['a newline', 'two\nlines'],
  ['a newline at its end', 'line\n'],
  ['globs', '*[a-z]?'],
  ['a backslash', 'back\\slash'],
  ['a dollar and a backtick', '$HOME`id`'],
  ['non-ASCII letters', 'späce測試'],
  ['a leading dash', '-n'],
] as const;

function path(...entries: readonly string[]): string {
  return [...entries, toolsDirectory()].join(delimiter);
}

function runNpx(entries: readonly string[], cwd: string, args = 'one'): Promise<ShellResult> {
  return runShell({
    shell: '/bin/sh',
    script: `exec npx ${args}`,
    cwd,
    env: baseEnvironment({ PATH: path(...entries) }),
  });
}

describe('a shim finds the real program', () => {
  test.each(awkward)('in a directory whose name holds %s', async (_what, name) => {
    const lab = temporaryDirectory();
    writeEcho(join(lab, name, 'npx'), 'real');
    expect(await runNpx([shims, join(lab, name)], lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
  });

  test.each([
    ['a relative entry', 'bin', 'bin'],
    ['a relative entry that looks like an option', '-c', '-c'],
    ['an empty entry, which means the current directory', '.', ''],
    ['a trailing slash', 'bin', 'bin/'],
  ])('through %s', async (_what, directory, entry) => {
    const lab = temporaryDirectory();
    writeEcho(join(lab, directory, 'npx'), 'real');
    expect(await runNpx([shims, entry], lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
  });

  test('in the current directory when PATH is empty', async () => {
    const lab = temporaryDirectory();
    writeEcho(join(lab, 'npx'), 'real');
    const env = baseEnvironment({ PATH: '' });
    expect(await runShell({ shell: join(shims, 'npx'), cwd: lab, env })).toMatchObject({
      status: 0,
      stdout: 'real\n',
    });
  });

  test('past its own directory, also by another path', async () => {
    const lab = temporaryDirectory();
    symlinkSync(shims, join(lab, 'link'));
    writeEcho(join(lab, 'bin/npx'), 'real');
    const entries = [join(lab, 'link'), `${shims}/.`, shims, join(lab, 'link'), join(lab, 'bin')];
    expect(await runNpx(entries, lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
  });

  test('past a copy of the shims, one that is read-only, and one after the other', async () => {
    const lab = temporaryDirectory();
    for (const name of ['first', 'second']) {
      cpSync(shims, join(lab, name), { recursive: true });
      chmodSync(join(lab, name), 0o555);
    }
    writeEcho(join(lab, 'bin/npx'), 'real');
    const entries = [join(lab, 'first'), shims, join(lab, 'second'), join(lab, 'bin')];
    expect(await runNpx(entries, lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
    for (const name of ['first', 'second']) chmodSync(join(lab, name), 0o755);
  });

  test('past links to single shims and past single copies of them', async () => {
    const lab = temporaryDirectory();
    for (const name of ['links', 'copies', 'more']) mkdirSync(join(lab, name));
    symlinkSync(join(shims, 'npx'), join(lab, 'links/npx'));
    copyFileSync(join(shims, 'npx'), join(lab, 'copies/npx'));
    copyFileSync(join(shims, 'npx'), join(lab, 'more/npx'));
    writeEcho(join(lab, 'bin/npx'), 'real');
    const entries = ['links', 'copies', 'more', 'bin'].map((name) => join(lab, name));
    for (const order of [
      entries,
      [shims, ...entries],
      ['copies', 'more', 'links', 'bin'].map((name) => join(lab, name)),
    ]) {
      expect(await runNpx(order, lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
    }
  });

  test('after a file that is not executable and a directory of that name', async () => {
    const lab = temporaryDirectory();
    chmodSync(writeEcho(join(lab, 'plain/npx'), 'wrong'), 0o644);
    mkdirSync(join(lab, 'directory/npx'), { recursive: true });
    writeEcho(join(lab, 'bin/npx'), 'real');
    const entries = [shims, join(lab, 'plain'), join(lab, 'directory'), join(lab, 'bin')];
    expect(await runNpx(entries, lab)).toMatchObject({ status: 0, stdout: 'real\none\n' });
  });

  test('when the directory of the shims was removed and the shell remembers the path of the shim', async () => {
    const lab = temporaryDirectory();
    cpSync(shims, join(lab, 'shims'), { recursive: true });
    writeEcho(join(lab, 'bin/npx'), 'real');
    const result = await runShell({
      shell: '/bin/dash',
      script: `npx one && rm -r ${join(lab, 'shims')} && npx two`,
      cwd: lab,
      env: baseEnvironment({ PATH: path(join(lab, 'shims'), join(lab, 'bin')) }),
    });
    expect(result).toMatchObject({ status: 0, stdout: 'real\none\nreal\ntwo\n' });
  });

  test('when its own directory is removed while it runs', async () => {
    const lab = temporaryDirectory();
    cpSync(shims, join(lab, 'shims'), { recursive: true });
    writeEcho(join(lab, 'bin/npx'), 'real');
    // The shell holds the script open; by the time it looks, the file has no name any more.
    const script = `rm -r ${join(lab, 'shims')}; exec dash /dev/fd/3 one`;
    const result = await runShell({
      shell: '/bin/dash',
      script: `exec 3<${join(lab, 'shims/npx')}; ${script}`,
      cwd: lab,
      env: baseEnvironment({ PATH: path(join(lab, 'shims'), join(lab, 'bin')) }),
    });
    expect(result).toMatchObject({ status: 0, stdout: 'real\none\n' });
  });

  test.each(posixShells)('when $name reads the shim', async ({ command: [shell, ...args] }) => {
    const lab = temporaryDirectory(`it's a "läb"`);
    writeEcho(join(lab, 'bin/npx'), 'real');
    const env = baseEnvironment({ PATH: path(shims, '', '*', join(lab, 'bin')) });
    const result = await runShell({
      shell,
      args: [...args, join(shims, 'npx'), 'a  b', '', '-x'],
      cwd: lab,
      env,
    });
    expect(result).toEqual({ status: 0, signal: null, stdout: 'real\na  b\n\n-x\n', stderr: '' });
  });
});

describe('a shim without a real program says what a shell says', () => {
  const absent = 'pnpx';

  test.each(posixShells)('127 and "command not found" in $name', async ({ command: [shell, ...args] }) => {
    const lab = temporaryDirectory();
    const env = baseEnvironment({ PATH: path(shims) });
    expect(await runShell({ shell, args: [...args, join(shims, absent)], cwd: lab, env })).toEqual({
      status: 127,
      signal: null,
      stdout: '',
      stderr: `${absent}: command not found\n`,
    });
  });

  test('127 without a PATH', async () => {
    const { PATH: _, ...env } = baseEnvironment();
    const result = await runShell({ shell: join(shims, absent), cwd: temporaryDirectory(), env });
    expect(result).toMatchObject({ status: 127, stderr: `${absent}: command not found\n` });
  });

  test('126 when there is one that is not executable', async () => {
    const lab = temporaryDirectory();
    const file = writeEcho(join(lab, 'bin', absent), 'real');
    chmodSync(file, 0o644);
    const env = baseEnvironment({ PATH: path(shims, join(lab, 'bin')) });
    const result = await runShell({ shell: join(shims, absent), cwd: lab, env });
    expect(result).toMatchObject({ status: 126, stderr: `${absent}: ${file}: Permission denied\n` });
  });

  test('127 also when standard error is closed', async () => {
    const env = baseEnvironment({ PATH: path(shims) });
    const result = await runShell({ shell: '/bin/sh', script: `exec ${absent} 2>&-`, env });
    expect(result).toMatchObject({ status: 127, stdout: '' });
  });

  test('127 when the interpreter of the real one is missing', async () => {
    const lab = temporaryDirectory();
    writeProgram(join(lab, 'bin', absent), '#!/nowhere/at/all\n');
    const env = baseEnvironment({ PATH: path(shims, join(lab, 'bin')) });
    expect(await runShell({ shell: join(shims, absent), cwd: lab, env })).toMatchObject({ status: 127 });
  });

  test('a script without a #! line runs as it does from a shell', async () => {
    const lab = temporaryDirectory();
    writeProgram(join(lab, 'bin', absent), 'echo plain "$1"\n');
    const env = baseEnvironment({ PATH: path(shims, join(lab, 'bin')) });
    expect(await runShell({ shell: join(shims, absent), args: ['one'], cwd: lab, env })).toMatchObject({
      status: 0,
      stdout: 'plain one\n',
    });
    rmSync(join(lab, 'bin'), { recursive: true });
  });
});
