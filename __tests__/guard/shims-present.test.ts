import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { baseEnvironment, behindShims, guardedRoot, quote, runShell } from '../helpers/shell';
import { installation, temporaryDirectory, toolsDirectory, withGuard, writeProgram } from './shim-lab';

/** node and what comes with it, some programs of the system, and those that a test puts into `own`; nothing else. */
function machine() {
  const own = temporaryDirectory('own');
  for (const name of ['mkdir', 'ln', 'mv', 'readlink']) {
    symlinkSync(join(existsSync(`/usr/bin/${name}`) ? '/usr/bin' : '/bin', name), join(own, name));
  }
  const node = temporaryDirectory('node');
  for (const name of ['node', 'npm', 'npx'])
    symlinkSync(join(dirname(process.execPath), name), join(node, name));
  const path = [node, own, toolsDirectory()].join(delimiter);
  return { own, env: baseEnvironment({ PATH: path, BASESHOP_POLICY_MODE: 'enforce' }) };
}

const asks = 'for name in yarn jest npx; do command -v $name || echo no $name; done';

/** The ways into a guarded shell: an agent's command, and the hook by name. */
const entries: readonly (readonly [string, (script: string) => readonly [string, ...string[]]])[] = [
  ['sh below with-guard', (script) => [withGuard, 'sh', '-c', script]],
  ['bash below with-guard', (script) => [withGuard, 'bash', '-c', script]],
  ['zsh below with-guard', (script) => [withGuard, '/usr/bin/env', 'zsh', '-fc', script]],
  ['dash with the hook', (script) => ['/bin/dash', '-c', `set -eu; . ${hook}; ${script}`]],
  ['bash with the hook', (script) => ['/bin/bash', '-c', `set -eu; . ${hook}; ${script}`]],
  ['zsh with the hook', (script) => ['/usr/bin/env', 'zsh', '-fc', `. ${hook}; ${script}`]],
];
const hook = quote(join(guardedRoot, 'hooks/guarded.sh'));

function run([shell, ...args]: readonly [string, ...string[]], env: Readonly<Record<string, string>>) {
  return runShell({ shell, args, env });
}

/** `machine`, with zsh for those entries that start it. */
function machineWithZsh() {
  const made = machine();
  const zsh = ['/usr/bin/zsh', '/bin/zsh', '/usr/local/bin/zsh'].find(existsSync);
  if (zsh !== undefined) symlinkSync(zsh, join(made.own, 'zsh'));
  return made;
}

describe('a program that is not installed', () => {
  test.each(entries)('is not found in %s, as without the guard', async (_name, enter) => {
    const { env } = machineWithZsh();
    const { status, stdout, stderr } = await run(enter(`${asks}; yarn 2>/dev/null || echo $?`), env);
    const [yarn, jest, npx = '', ran] = stdout.split('\n');
    expect({ status, yarn, jest, ran, stderr }).toEqual({
      status: 0,
      yarn: 'no yarn',
      jest: 'no jest',
      ran: '127',
      stderr: '',
    });
    expect(behindShims(dirname(npx))).toBe('');
  });

  test.each(entries)('is met by its shim in %s once it is installed', async (_name, enter) => {
    const { own, env } = machineWithZsh();
    await run(enter(':'), env);
    writeProgram(join(own, 'jest'), '#!/bin/sh\necho the tests ran\n');
    const { stdout, stderr } = await run(enter(`${asks}; jest || echo $?`), env);
    const [yarn, jest = '', , ran] = stdout.split('\n');
    expect({ yarn, ran }).toEqual({ yarn: 'no yarn', ran: '126' });
    expect(behindShims(dirname(jest))).toBe('');
    expect(stderr.match(/no tests ran/g)).toHaveLength(1);
  });
});

describe('the directory of links', () => {
  const cached = (env: Readonly<Record<string, string>>) => {
    const path = join(env.HOME ?? '', '.cache/test-governor/shims');
    return readdirSync(path).flatMap((root) => readdirSync(join(path, root)));
  };

  test('is one for each set of programs, by whatever shell it was made', async () => {
    const { own, env } = machineWithZsh();
    for (const [, enter] of entries) await run(enter(':'), env);
    expect(cached(env)).toEqual(['node+npm+npx']);
    writeProgram(join(own, 'pnpm'), '#!/bin/sh\n');
    for (const [, enter] of entries) await run(enter(':'), env);
    expect(cached(env).sort()).toEqual(['node+npm+npx', 'node+npm+npx+pnpm']);
  });

  test('is made whole, however many shells begin at once', async () => {
    const { env } = machineWithZsh();
    const runs = Array.from({ length: 4 }, () => entries.map(([, enter]) => run(enter(asks), env))).flat();
    for (const { stdout, stderr } of await Promise.all(runs)) {
      expect({ lines: stdout.split('\n').slice(0, 2), stderr }).toEqual({
        lines: ['no yarn', 'no jest'],
        stderr: '',
      });
      expect(behindShims(dirname(stdout.split('\n')[2] ?? ''))).toBe('');
    }
    expect(cached(env)).toEqual(['node+npm+npx']);
  });

  test('gives way to the shims themselves where there is no home to make it in', async () => {
    const { env } = machine();
    const { stdout } = await run([withGuard, 'sh', '-c', 'echo "$PATH"'], {
      ...env,
      HOME: join(env.HOME ?? '', 'none'),
    });
    expect(stdout).toBe(`${join(guardedRoot, 'shims')}${delimiter}${env.PATH}\n`);
  });

  test('gives way to the shims themselves where it cannot be written', async () => {
    const { env } = machine();

    writeProgram(join(env.HOME ?? '', '.cache/test-governor'), 'a file\n');
    const { stdout, stderr } = await run([withGuard, 'sh', '-c', 'echo "$PATH"'], env);
    expect({ stdout, stderr }).toEqual({
      stdout: `${join(guardedRoot, 'shims')}${delimiter}${env.PATH}\n`,
      stderr: '',
    });
  });

  test('leads past an installation that is gone', async () => {
    const { env } = machine();
    const root = installation();
    const script = `rm -rf ${quote(root)}; command -v npx; npx --version >/dev/null; echo $?`;
    const { stdout } = await run([join(root, 'bin/with-guard'), 'sh', '-c', script], env);
    expect(stdout).toMatch(/^.*\/node\S*\/npx\n0\n$/);
  });

  test.each(['bash', 'zsh'])('goes with guard_off in %s', async (shell) => {
    const { env } = machineWithZsh();
    const options = shell === 'zsh' ? '-fc' : '-c';
    const script = `. ${hook}; guard_off; echo "$PATH"; command -v yarn || echo no yarn`;
    const { stdout } = await run(['/usr/bin/env', shell, options, script], env);
    expect(stdout).toBe(`${env.PATH}\nno yarn\n`);
  });

  test.each(['bash', 'zsh'])('leaves what stands before it in %s on PATH, behind itself', async (shell) => {
    const { own, env } = machineWithZsh();
    const inner = `${shell} -c 'npx --version >/dev/null; echo "$PATH"'`;
    const { stdout } = await run([withGuard, 'sh', '-c', `PATH=${quote(own)}/first:$PATH; ${inner}`], env);
    expect(behindShims(stdout.trim())).toBe(`${join(own, 'first')}${delimiter}${env.PATH}`);
  });

  test('takes the place of the shims that the user had on PATH', async () => {
    const { env } = machine();
    const given = { ...env, PATH: `${join(guardedRoot, 'shims')}${delimiter}${env.PATH}` };
    const { stdout } = await run([withGuard, 'sh', '-c', `echo "$PATH"; ${asks}`], given);
    const [path, yarn] = stdout.split('\n');
    expect(behindShims(path)).toBe(env.PATH);
    expect(yarn).toBe('no yarn');
    rmSync(join(env.HOME ?? '', '.cache'), { recursive: true });
  });
});
