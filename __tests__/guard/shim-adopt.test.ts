import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, runShell, type ShellResult } from '../helpers/shell';
import { posixShells, shims, temporaryDirectory, toolsDirectory, writeProgram } from './shim-lab';

// Each of these takes milliseconds; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

const token = '0123456789abcdef0123456789abcdef';
const record = '{"what":"the guard wrote"}\n';

interface Lab {
  readonly path: string;
  /** A jest that says its pid, and a node that says that it was asked. */
  run(shell: readonly [string, ...string[]], env: Readonly<Record<string, string>>): Promise<ShellResult>;
}

function lab(): Lab {
  const path = temporaryDirectory();
  writeProgram(join(path, 'bin/jest'), '#!/bin/sh\necho $$\n');
  writeProgram(join(path, 'bin/node'), '#!/bin/sh\necho asked >&2\nexit 0\n');
  return {
    path,
    run: ([shell, ...args], env) =>
      runShell({
        shell,
        args: [...args, join(shims, 'jest')],
        cwd: path,
        env: baseEnvironment({
          BASESHOP_GUARD_DECISION: token,
          PATH: [shims, join(path, 'bin'), toolsDirectory()].join(delimiter),
          ...env,
        }),
      }),
  };
}

function writeDecision(directory: string): string {
  mkdirSync(join(directory, 'decisions'), { recursive: true });
  const file = join(directory, 'decisions', token);
  writeFileSync(file, record);
  return file;
}

const places = [
  [
    'the state directory',
    'state',
    (path: string) => ({ BASESHOP_STATE_DIR: join(path, 'state'), XDG_RUNTIME_DIR: path }),
  ],
  [
    'the session’s directory',
    'test-governor',
    (path: string) => ({ XDG_RUNTIME_DIR: path, XDG_CACHE_HOME: '/' }),
  ],
  [
    'the cache',
    'test-governor',
    (path: string) => ({ XDG_RUNTIME_DIR: join(path, 'none'), XDG_CACHE_HOME: path }),
  ],
  ['the home', '.cache/test-governor', (path: string) => ({ XDG_CACHE_HOME: 'relative', HOME: path })],
] as const;

describe.each(posixShells)('read by $name, a shim that finds a decision in', ({ command }) => {
  test.each(places)('%s does not ask, and adds its pid', async (_what, directory, env) => {
    const { path, run } = lab();
    const file = writeDecision(join(path, directory));
    const { status, stdout, stderr } = await run(command, env(path));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(`${record}${stdout}`);
  });
});

describe('a shim asks', () => {
  const sh = ['/bin/sh'] as const;

  test('when there is no such decision', async () => {
    const { path, run } = lab();
    expect(await run(sh, { HOME: path })).toMatchObject({ status: 0, stderr: 'asked\n' });
  });

  test.each([
    '',
    'broken',
    '../decisions/x',
    token.slice(1),
    `${token}0`,
    token.toUpperCase(),
    `${token.slice(2)}/.`,
  ])('when the token is %j, whatever it names', async (value) => {
    const { path, run } = lab();
    const file = writeDecision(join(path, '.cache/test-governor'));
    symlinkSync(file, join(path, '.cache/test-governor/decisions/x'));
    const env = { HOME: path, BASESHOP_GUARD_DECISION: value };
    expect(await run(sh, env)).toMatchObject({ status: 0, stderr: 'asked\n' });
    expect(readFileSync(file, 'utf8')).toBe(record);
  });

  test('when the decision is a directory', async () => {
    const { path, run } = lab();
    mkdirSync(join(path, '.cache/test-governor/decisions', token), { recursive: true });
    expect(await run(sh, { HOME: path })).toMatchObject({ status: 0, stderr: 'asked\n' });
  });
});
