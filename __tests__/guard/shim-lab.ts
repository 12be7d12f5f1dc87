import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { guardedRoot, runShell } from '../helpers/shell';

/** The checkout's generated shims. */
export const shims = join(guardedRoot, 'shims');

const made: string[] = [];

afterAll(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A directory of its own, symbolic links in its path resolved; removed after the test file. */
export function temporaryDirectory(name = 'lab'): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'test-governor-')));
  made.push(home);
  const path = join(home, name);
  mkdirSync(path);
  return path;
}

/** Writes an executable script, its directories too; gives its path. */
export function writeProgram(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** Writes a program that says its name and its arguments, one a line. */
export function writeEcho(path: string, name: string): string {
  return writeProgram(path, `#!/bin/sh\nprintf '%s\\n' ${name} "$@"\n`);
}

/** A shell that can stand in for /bin/sh: the command, and the arguments that make it one. */
export interface PosixShell {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const candidates: readonly PosixShell[] = [
  { name: 'dash', command: ['/bin/dash'] },
  { name: 'bash as sh', command: ['/bin/bash', '--posix'] },
  { name: 'busybox ash', command: ['/bin/busybox', 'ash'] },
  { name: 'mksh', command: ['/bin/mksh'] },
  { name: 'ksh', command: ['/bin/ksh'] },
];

/** Those of them that this machine has; dash and bash everywhere. */
export const posixShells: readonly PosixShell[] = candidates.filter(
  ({ name, command: [program] }) => name === 'dash' || name === 'bash as sh' || existsSync(program),
);

const tools = ['sh', 'readlink', 'bash', 'dash', 'env', 'cat', 'wc', 'rm', 'grep', 'sleep', 'ls'];
let toolsPath: string | undefined;

/** A directory with a few of the system's programs and none for which there is a shim, whatever the machine has installed. */
export function toolsDirectory(): string {
  if (toolsPath === undefined) {
    toolsPath = temporaryDirectory('tools');
    for (const name of tools) {
      const program = ['/usr/bin', '/bin'].map((directory) => join(directory, name)).find(existsSync);
      if (program !== undefined) symlinkSync(program, join(toolsPath, name));
    }
  }
  return toolsPath;
}

/** The checkout's generated with-guard. */
export const withGuard = join(guardedRoot, 'bin/with-guard');

/** An installation of its own: everything that with-guard and what it sets up need, in a directory of any name. */
export function installation(name = 'guard'): string {
  const root = temporaryDirectory(name);
  for (const part of ['bin', 'hooks', 'shims', 'dist']) {
    cpSync(join(guardedRoot, part), join(root, part), { recursive: true });
  }
  return root;
}

/** What a program below `command` has in its environment. */
export async function environmentBelow(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const [shell, ...args] = command;
  const { status, stdout, stderr } = await runShell({ shell, args: [...args, '/usr/bin/env', '-0'], env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return Object.fromEntries(
    stdout
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
