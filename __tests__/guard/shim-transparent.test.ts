import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, openTerminal, runShell, type ShellRun } from '../helpers/shell';
import { posixShells, shims, temporaryDirectory, toolsDirectory, writeProgram } from './shim-lab';

// Each of these takes milliseconds; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

/** An installation in whose bin/ `npx` is env(1): without arguments it prints its environment, with some it becomes another program. */
let installation: string;

beforeAll(() => {
  const prefix = temporaryDirectory('prefix');
  installation = join(prefix, 'bin');
  mkdirSync(installation);
  mkdirSync(join(prefix, 'lib/node_modules'), { recursive: true });
  symlinkSync('/usr/bin/env', join(installation, 'npx'));
});

/** The same run with the shims on PATH, and without them. */
async function both(run: (path: string) => ShellRun): Promise<readonly [string, string]> {
  const outputs: string[] = [];
  for (const entries of [[shims], []]) {
    const { status, signal, stdout, stderr } = await runShell(
      run([...entries, installation, toolsDirectory(), dirname(process.execPath)].join(delimiter)),
    );
    outputs.push(
      JSON.stringify({ status, signal, stdout: stdout.replaceAll(`${shims}${delimiter}`, ''), stderr }),
    );
  }
  const [guarded = '', plain = 'missing'] = outputs;
  return [guarded, plain];
}

/** What a program inherits, and a line that shows it. */
const inherited = [
  ['its exit status', 'npx sh -c "exit 42"'],
  ['SIGINT ignored', `trap '' INT; npx grep Sig[BIC] /proc/self/status`],
  [
    'SIGINT, SIGQUIT, SIGTERM and SIGPIPE ignored',
    `trap '' INT QUIT TERM PIPE; npx grep Sig[BIC] /proc/self/status`,
  ],
  ['no signal ignored', 'npx grep Sig[BIC] /proc/self/status'],
  [
    'the umask and the limits',
    'umask 027; ulimit -n 64; ulimit -c 0; npx sh -c "umask; ulimit -n; ulimit -c"',
  ],
  ['open descriptors', 'npx sh -c "cat <&7; ls /proc/self/fd | wc -l" 7</proc/self/comm'],
  ['stdin', 'echo input | npx cat'],
  ['closed stdin', 'npx sh -c "cat 2>&1; echo $?" <&-'],
  ['closed stdout', 'npx sh -c "echo x; echo status $? >&2" >&-'],
  ['closed stderr', 'npx sh -c "echo x; echo y >&2; echo $?" 2>&-'],
  ['all of them closed', 'npx sh -c "exit 3" <&- >&- 2>&-; echo $?'],
  ['a directory that was removed', 'mkdir d && cd d && rmdir ../d && npx ls -a 2>/dev/null; echo $?'],
  ['a directory that is a link', 'mkdir d && ln -s d l && cd l && npx sh -c "echo $PWD"'],
  ['restored by env -i', 'env -i PATH="$PATH" npx sh -c "echo $HOME"'],
  ['an IFS of the user', 'IFS=/:; export IFS; npx sh -c "echo done"'],
] as const;

describe('the program that a shim becomes', () => {
  test('has the arguments as they were given', async () => {
    const words = [
      '',
      ' ',
      'a  b',
      '-n',
      '--',
      '*',
      '$HOME',
      '`id`',
      `"'`,
      '\\',
      'two\nlines\n',
      '\t',
      'ü',
      '%s',
    ];
    const lab = temporaryDirectory();
    writeProgram(join(lab, 'show.sh'), `#!/bin/sh\nprintf '<%s>' "$@"\n`);
    const result = await runShell({
      shell: join(shims, 'npx'),
      args: [join(lab, 'show.sh'), ...words],
      env: baseEnvironment({
        PATH: [shims, installation, toolsDirectory(), dirname(process.execPath)].join(delimiter),
      }),
    });
    expect(result).toMatchObject({
      status: 0,
      stdout: words.map((word) => `<${word}>`).join(''),
      stderr: '',
    });
  });

  test.each(posixShells)(
    'has the environment as it was, when $name reads the shim',
    async ({ command: [shell, ...args] }) => {
      const cwd = temporaryDirectory();
      const given: Record<string, string> = {
        ...baseEnvironment({
          PATH: [shims, installation, toolsDirectory(), dirname(process.execPath)].join(delimiter),
        }),
        PWD: cwd,
        OLDPWD: '/',
        SHLVL: '1',
        EMPTY: '',
        LINES2: 'two\nlines',
        NODE_OPTIONS: '--no-warnings',
        IFS: 'a:/',
        ENV: '/nonexistent/env',
        POSIXLY_CORRECT: '1',
        CDPATH: '/tmp',
        GREP_OPTIONS: '',
        baseshop_guard_unrelated: 'kept',
        x: '1',
      };
      const result = await runShell({ shell, args: [...args, join(shims, 'npx')], cwd, env: given });
      const seen = result.stdout
        .replace('two\nlines', 'two lines')
        .split('\n')
        // bash and ksh name the program that they start in `_`; bash and busybox count levels.
        .filter((line) => line !== '' && !/^(_|SHLVL|A__z)=/.test(line) && !/^\*SHLVL/.test(line))
        .sort();
      const expected = Object.entries({ ...given, LINES2: 'two lines' })
        .filter(([name]) => name !== 'SHLVL')
        .map(([name, value]) => `${name}=${value}`)
        .sort();
      // dash, busybox and ksh set IFS anew, in every script; mksh hides it.
      const withoutIfs = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !/^(IFS=| \t$)/.test(line));
      expect(withoutIfs(seen)).toEqual(withoutIfs(expected));
      expect(result).toMatchObject({ status: 0, stderr: '' });
    },
  );

  test.each(['allexport', 'nounset', 'errexit', 'noglob', 'noclobber', 'errexit:nounset:pipefail'])(
    'has nothing of ours in its environment under SHELLOPTS=%s',
    async (options) => {
      const { status, stdout, stderr } = await runShell({
        shell: '/bin/bash',
        args: ['--posix', join(shims, 'npx')],
        env: baseEnvironment({ PATH: [shims, installation].join(delimiter), SHELLOPTS: options }),
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.split('\n').filter((line) => /^baseshop|^BASESHOP_(?!CPU_SLOT_PCT)/.test(line))).toEqual(
        [],
      );
    },
  );

  test('is the same process', async () => {
    const child = spawn(join(shims, 'npx'), ['sh', '-c', 'echo $$'], {
      env: baseEnvironment({
        PATH: [shims, installation, toolsDirectory(), dirname(process.execPath)].join(delimiter),
      }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child, 'close');
    expect(Number(output)).toBe(child.pid);
  });

  test('gets the signal that is sent to the shim, and its end by a signal is seen', async () => {
    const child = spawn(join(shims, 'npx'), ['sh', '-c', 'echo ready; exec sleep 600'], {
      env: baseEnvironment({
        PATH: [shims, installation, toolsDirectory(), dirname(process.execPath)].join(delimiter),
      }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });

  const asked = inherited.flatMap(([what, script]) => [
    [what, 'as no suspect', script] as const,
    // env(1) takes it for an assignment, the gate for what may be anything.
    [what, 'as a suspect', script.replaceAll('npx ', `npx 'a=$b' `)] as const,
  ]);

  test.each(asked)('keeps %s, %s', async (_what, _how, script) => {
    const env = baseEnvironment();
    const [guarded, plain] = await both((PATH) => ({
      shell: 'sh',
      script: `PATH=$PATH:/usr/bin:/bin; ${script}`,
      cwd: temporaryDirectory(),
      env: { ...env, PATH },
    }));
    const withoutNames = (text: string): string => text.replaceAll(/test-governor-[^/"]*/g, '');
    expect(withoutNames(guarded)).toBe(withoutNames(plain));
  });

  test('has the terminal, and Ctrl-C ends it', async () => {
    const terminal = openTerminal({
      command: join(shims, 'npx'),
      args: ['sh', '-c', 'test -t 0 && test -t 1 && test -t 2 && echo rea""dy; exec sleep 600'],
      env: baseEnvironment({
        PATH: [shims, installation, toolsDirectory(), '/usr/bin', '/bin'].join(delimiter),
      }),
    });
    await terminal.waitFor(/ready/);
    terminal.send('\x03');
    expect(await terminal.ended()).toBe(130);
  });
});

/**
 * How often children of a process that has said its /proc/<pid>/stat touched memory, counted when they are waited for: 0 when it,
 * or what it was before it became another program, never started one.
 */
function faultsOfChildren(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[8]);
}

describe('a shim on the way to the real program', () => {
  const sayStat = '#!/bin/sh\nread -r stat </proc/$$/stat\necho "$stat"\n';

  function workspace(name: string): { readonly lab: string; readonly env: Record<string, string> } {
    const lab = temporaryDirectory();
    writeProgram(join(lab, 'package.json'), '{\n  "scripts": {\n    "build": "tsc -p ."\n  }\n}\n');
    writeProgram(join(lab, 'bin', name), sayStat);
    return {
      lab,
      env: baseEnvironment({ PATH: [shims, join(lab, 'bin'), dirname(process.execPath)].join(delimiter) }),
    };
  }

  test.each([
    ['npm', ['--version']],
    ['npm', ['run', 'build']],
    ['npm', ['install', 'jest']],
    ['pnpm', ['run', 'build']],
    ['yarn', ['build']],
    ['bun', ['run', 'build']],
    ['npx', ['tsc', '-p', '.']],
    ['bunx', ['tsc']],
    ['pnpx', ['tsc']],
    ['node', ['server.js']],
    ['node', ['-p', '1']],
  ])('starts no process for %s %j, which is no suspect', async (name, args) => {
    const { lab, env } = workspace(name);
    const { status, stdout, stderr } = await runShell({ shell: join(shims, name), args, cwd: lab, env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(faultsOfChildren(stdout)).toBe(0);
  });

  test('starts one for npx "$x", which may be anything', async () => {
    const { lab, env } = workspace('npx');
    const { stdout } = await runShell({ shell: join(shims, 'npx'), args: ['$x'], cwd: lab, env });
    expect(faultsOfChildren(stdout)).toBeGreaterThan(0);
  });
});
