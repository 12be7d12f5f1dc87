import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, runShell, type ShellResult } from '../helpers/shell';
import { awkwardName } from '../helpers/workspace';
import { installation } from './shim-lab';
import { countMessages, openPrompt, temporaryDirectory, workspace } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

/** Sentences about the guard itself. */
function complaints(text: string): readonly string[] {
  return text.match(/^.*test-governor: (?!no tests ran|warning).*$/gm) ?? [];
}

interface Broken {
  readonly root: string;
  readonly text: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `text` below the with-guard of another installation, in a workspace, under enforce. */
function run({ root, text, args = ['-c'], env = {} }: Broken): Promise<ShellResult> {
  return runShell({
    shell: join(root, 'bin/with-guard'),
    args: ['zsh', ...args, text],
    cwd: workspace().path,
    env: baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce', ...env }),
  });
}

const everyday = 'print works; false; print $?';

describe('a zsh below a guard that is', () => {
  test('installed below a path with spaces, quotes and non-ASCII blocks as any other', async () => {
    const result = await run({ root: installation(awkwardName), text: 'python3 -m pytest | tail' });
    expect([result.status, countMessages(result.stderr)]).toEqual([126, 1]);
  });

  test('without its build works, lets tests run, and says so once', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    expect(await run({ root, text: everyday })).toMatchObject({
      status: 0,
      stdout: 'works\n1\n',
      stderr: '',
    });
    for (const text of [
      'npx jest >/dev/null 2>&1; python3 -m pytest >/dev/null; python3 -m pytest | tail',
      'python3 -m pytest >/dev/null && npx jest | tail; zsh -c "npx jest | tail"',
    ]) {
      const { status, stderr } = await run({ root, text });
      expect(status).toBe(0);
      expect(complaints(stderr)).toEqual([expect.stringContaining('dist/ask.cjs is not there')]);
    }
  });

  test('without its build complains once at a prompt', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    const prompt = await openPrompt({
      command: join(root, 'bin/with-guard'),
      args: ['zsh', '-f', '-i'],
      cwd: workspace().path,
      env: baseEnvironment(),
    });
    await prompt.type(`source '${root}/hooks/guarded.sh'`);
    const shown = [];
    for (const line of ['python3 -m pytest | tail -1', 'npx jest | tail -1', 'npx jest']) {
      shown.push(...complaints((await prompt.type(line)).shown));
    }
    expect(shown).toEqual([expect.stringContaining('dist/ask.cjs is not there')]);
    await prompt.leave();
  });

  test.each(['zsh-look.zsh', 'zsh-prompt.zsh'])(
    'without hooks/%s gives a prompt that works',
    async (part) => {
      const root = installation();
      rmSync(join(root, 'hooks', part));
      const prompt = await openPrompt({
        command: join(root, 'bin/with-guard'),
        args: ['zsh', '-i'],
        cwd: workspace().path,
        env: baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce' }),
      });
      const { shown } = await prompt.type('PYTHONPATH= python3 -m pytest -q | tail -1');
      expect(shown).toMatch(/1 passed/);
      expect((await prompt.type('npx jest')).status).toBe(126);
      expect(complaints(prompt.terminal.screen())).toEqual([
        expect.stringContaining(`${part} cannot be read`),
      ]);
      expect(prompt.terminal.screen()).not.toMatch(/no such file/i);
      await prompt.leave();
    },
  );

  test('with a build that fails works, lets tests run, and says so once', async () => {
    const root = installation();
    rmSync(join(root, 'dist'), { recursive: true });
    symlinkSync(temporaryDirectory(), join(root, 'dist'));
    writeFileSync(join(root, 'dist/ask.cjs'), 'process.exit(70);\n');
    const { status, stderr } = await run({
      root,
      text: 'python3 -m pytest | tail -1; npx jest >/dev/null 2>&1',
    });
    expect(status).toBe(0);
    expect(complaints(stderr)).toEqual([expect.stringContaining('dist/ask.cjs failed with status 70')]);
  });

  test('on a machine without node says so once, where a test run is to be checked', async () => {
    const root = installation();
    const bin = join(temporaryDirectory(), 'bin');
    // Every program but node.
    mkdirSync(bin);
    for (const name of readdirSync('/usr/bin')) {
      if (!/^(node|npm|npx|nodejs)$/.test(name)) symlinkSync(join('/usr/bin', name), join(bin, name));
    }
    const { status, stderr, stdout } = await run({
      root,
      text: `${everyday}; python3 -m pytest -q | tail -1; python3 -m pytest -q >/dev/null`,
      env: { PATH: bin },
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^works\n1\n.*1 passed/)]);
    expect(complaints(stderr)).toEqual([expect.stringContaining('there is no node on PATH')]);
  });

  test.each([
    ['shims', '-c'],
    ['shims', '-lic'],
    ['hooks/preload.cjs', '-c'],
    ['hooks/zsh-look.zsh', '-c'],
    ['hooks/zsh-look.zsh', '-lic'],
    ['hooks/zsh-prompt.zsh', '-lic'],
    ['hooks/guarded.zsh', '-c'],
    ['hooks/bash-env.bash', '-c'],
  ])('without %s still gives a working zsh %s', async (part, options) => {
    const root = installation();
    // with-guard itself minds a missing shims/: this is what goes away while the shell is there.
    const text = `command rm -r '${root}/${part}'; zsh ${options} '${everyday}; npx jest >/dev/null 2>&1; print ran'`;
    const { status, stdout, stderr } = await run({ root, text });
    expect([status, stdout]).toEqual([0, 'works\n1\nran\n']);
    expect(stderr).not.toMatch(/no such file/i);
  });

  test.each([['hooks/zsh-start.zsh'], ['hooks']])(
    'without %s reads the user’s files, and says so once',
    async (part) => {
      const root = installation();
      const home = temporaryDirectory();
      for (const name of ['.zshenv', '.zshrc', '.zlogin'])
        writeFileSync(join(home, name), `print mine ${name}\n`);
      const text = `print go; command rm -r '${root}/${part}'; zsh -lic '${everyday}'`;
      const { status, stdout, stderr } = await run({ root, text, env: { HOME: home } });
      expect(status).toBe(0);
      if (part === 'hooks') {
        // Nothing of ours is left that could lead to the user's files.
        expect(stdout).toMatch(/works\n1\n$/);
      } else {
        expect(stdout).toMatch(/go\nmine .zshenv\nmine .zshrc\nmine .zlogin\nworks\n1\n$/);
        expect(complaints(stderr)).toEqual([expect.stringContaining('zsh-start.zsh cannot be read')]);
      }
    },
  );

  test('in a read-only place works as any other', async () => {
    const root = installation();
    for (const part of ['hooks', 'hooks/zsh', 'shims']) chmodSync(join(root, part), 0o555);
    const result = await run({ root, text: 'python3 -m pytest | tail', args: ['-lic'] });
    expect(result.status).toBe(126);
    for (const part of ['hooks', 'hooks/zsh', 'shims']) chmodSync(join(root, part), 0o755);
  });
});

describe('a line that', () => {
  test.each([
    ['cannot be parsed', 'npx jest | | tail', 1],
    ['has an open quote', "npx jest 'open", 1],
    ['holds bytes that are no characters', "print $'\\xff\\xfe npx jest' >/dev/null; npx jest | tail", 126],
    ['is long', `: ${'npx jest '.repeat(10_000)}; npx jest | tail`, 126],
    ['is deeply nested', `${'( '.repeat(200)} npx jest ${') '.repeat(200)}`, 126],
    ['is a lone word of ours', 'baseshop_guard_look_at', 0],
  ])('%s ends as it must', async (_what, text, status) => {
    const result = await run({ root: join(__dirname, '../..'), text });
    expect(result.status).toBe(status);
    expect(complaints(result.stderr)).toEqual([]);
  });

  test('runs with standard error or input closed', async () => {
    const root = join(__dirname, '../..');
    const home = temporaryDirectory();
    writeFileSync(join(home, '.zshrc'), 'print mine\n');
    const text = `zsh -ic 'print one $ZDOTDIR' 2>&-; zsh -c 'npx jest | tail; print $?' <&- 2>/dev/null; zsh -c 'python3 -m pytest; print $?' 2>&-`;
    const { stdout } = await run({ root, text, env: { HOME: home } });
    expect(stdout).toMatch(/^mine\none .*hooks\/zsh\n126\n126\n$/);
  });
});
