import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, readEvents, roomyMachine, runShell } from '../helpers/shell.ts';
import { makeWorkspace, type Workspace } from '../helpers/workspace.ts';
import { bashes } from './bash-lab.ts';

jest.setTimeout(120_000);

/** Stands for a runner that no shim meets: it says its arguments and who started it, and fails when it is asked to. */
const runner = `#!/bin/sh
printf '<%s>' "$@"
printf ' parent=%s\\n' "$PPID"
for word; do case $word in fail) exit 3 ;; esac; done
`;

let one: Workspace;
beforeAll(() => {
  one = makeWorkspace({
    files: { 'package.json': '{}', 'node_modules/.bin/jest': runner, jest: runner },
    git: true,
  });
});
afterAll(() => one.cleanup());

let count = 0;

/** Runs a text in an enforcing guarded shell, with an override for all that is in it. */
async function run(shell: string, script: string, args: readonly string[] = []) {
  count++;
  const state = join(one.path, `.state-${count}`);
  const env = baseEnvironment({
    ...roomyMachine,
    BASESHOP_STATE_DIR: state,
    BASESHOP_POLICY_MODE: 'enforce',
    BASESHOP_ALLOW_BYPASS_POLICY: '1',
    BASESHOP_CI_QUEUE: '1',
  });
  const result = await runShell({
    shell: join(guardedRoot, 'bin/with-guard'),
    args: [shell, ...args],
    script,
    cwd: one.path,
    env,
  });
  const said = result.stderr.split('\n').filter((line) => line.startsWith('test-governor: '));
  return { ...result, said, kinds: readEvents(state).map(({ event, outcome }) => `${event} ${outcome}`) };
}

const once = ['intercepted overridden', 'run ended'];

describe.each([...bashes, ['zsh', 'zsh']] as const)(
  'in %s, a command that becomes a governed run',
  (_name, shell) => {
    test('has its own arguments, and the flag', async () => {
      const { stdout, said, kinds, status } = await run(
        shell,
        `./node_modules/.bin/jest a 'b  c' '' '$x' "*"; echo "s=$?"`,
      );
      expect(stdout).toMatch(/^<a><b {2}c><><\$x><\*><--maxWorkers=2> parent=\d+\ns=0\n$/);
      expect({ said: said.length, kinds, status }).toEqual({ said: 1, kinds: once, status: 0 });
    });

    test('keeps its status, in lists and pipelines', async () => {
      const script = [
        './node_modules/.bin/jest fail >/dev/null || echo "s=$?"',
        'set -o pipefail; ./node_modules/.bin/jest fail | cat >/dev/null; echo "s=$?"',
        'if ./node_modules/.bin/jest >/dev/null; then echo yes; fi',
      ].join('\n');
      expect((await run(shell, script)).stdout).toBe('s=3\ns=3\nyes\n');
    });

    test('has the redirections and the variables that stand with it', async () => {
      const script =
        'A=1 ./node_modules/.bin/jest x >out.txt 2>err.txt; read -r line <out.txt; echo "$line"; cat err.txt';
      const { stdout, stderr } = await run(shell, script);
      expect(stdout).toMatch(
        /^<x><--maxWorkers=2> parent=\d+\ntest-governor: override BASESHOP_ALLOW_BYPASS_POLICY .*\n$/,
      );
      expect(stderr).toBe('');
    });

    test('is its background process', async () => {
      const { stdout } = await run(shell, './node_modules/.bin/jest & echo "$!"; wait "$!"; echo "s=$?"');
      const [, pid] = /^(\d+)$/m.exec(stdout) ?? [];
      expect(stdout).toContain(` parent=${pid}\n`);
      expect(stdout).toContain('s=0\n');
    });

    test('is the shell itself behind exec', async () => {
      const { stdout } = await run(shell, 'echo "$$"; exec ./node_modules/.bin/jest; echo not');
      const [, pid] = /^(\d+)$/m.exec(stdout) ?? [];
      expect(stdout).toBe(`${pid}\n<--maxWorkers=2> parent=${pid}\n`);
    });

    test('has the program that a word of the shell’s leads to', async () => {
      const { stdout, said } = await run(shell, 'command ./node_modules/.bin/jest a; echo "s=$?"');
      expect(stdout).toMatch(/^<a>.* parent=\d+\ns=0\n$/);
      expect(said).toHaveLength(1);
    });

    test('leaves nothing behind: the next one is asked about anew', async () => {
      const { stdout, kinds } = await run(
        shell,
        './node_modules/.bin/jest >/dev/null; unset BASESHOP_ALLOW_BYPASS_POLICY; ./node_modules/.bin/jest; echo "s=$?"',
      );
      expect(stdout).toBe('s=126\n');
      expect(kinds).toEqual([...once, 'intercepted blocked']);
    });
  },
);

describe.each(bashes)('in %s', (_name, bash) => {
  test('a governed run shows nothing of the guard in a trace', async () => {
    const { stderr } = await run(bash, 'set -x; ./node_modules/.bin/jest a >/dev/null; set +x');
    const traced = stderr.split('\n').filter((line) => !line.startsWith('test-governor: '));
    expect(traced).toEqual(['+ ./node_modules/.bin/jest a', '+ set +x', '']);
  });

  test('a failing governed run calls an ERR trap once, and ends a shell that wants that', async () => {
    const trapped = await run(
      bash,
      'set -E; trap "echo trapped" ERR; ./node_modules/.bin/jest fail >/dev/null; true',
    );
    expect(trapped.stdout).toBe('trapped\n');
    const ended = await run(bash, 'set -eu; ./node_modules/.bin/jest fail >/dev/null; echo not');
    expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status: 3, stdout: '' });
  });

  test('where no function can be defined, it runs where it is, and that is said and recorded', async () => {
    const { stdout, said, kinds } = await run(bash, 'set -o posix; ./node_modules/.bin/jest a');
    expect(stdout).toMatch(/^<a> parent/);
    expect(said).toEqual([expect.stringContaining('it runs at once: from here it cannot be queued')]);
    expect(kinds).toEqual(['intercepted overridden']);
  });
});

describe('in zsh', () => {
  test('a function of the user’s that only the shell can run does so, and that is said and recorded', async () => {
    const { stdout, said, kinds } = await run(
      'zsh',
      'pytest_here() { ./jest inner; }; functions[python3]=$functions[pytest_here]; python3 -m pytest; echo "s=$?"',
    );
    expect(stdout).toMatch(/^<inner> parent=\d+\ns=0\n$/);
    expect(said).toHaveLength(kinds.length);
  });

  test('at a script’s end too', async () => {
    writeFileSync(join(one.path, 'check.zsh'), './node_modules/.bin/jest z\n');
    const { stdout, kinds } = await run('zsh', 'zsh ./check.zsh');
    expect(stdout).toMatch(/^<z><--maxWorkers=2> /);
    expect(kinds).toEqual(once);
  });
});
