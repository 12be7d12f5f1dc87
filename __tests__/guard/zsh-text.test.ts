import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { guardedRoot, quote } from '../helpers/shell';
import { blocked, countMessages, outcomeOf, runZsh, temporaryDirectory, workspace } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

/** What npm, npx and node start: the shims or the preload stop it, the text layer only minds pipes. */
const jestForms = [
  'npx jest',
  'npx jest && echo NEXT',
  'npx jest || exit $?',
  'if npx jest; then echo THEN; else exit $?; fi',
  'npx jest | tail',
  'npx jest 2>/dev/stdout | cat | tail',
  '(npx jest)',
  '(cd . && npx jest)',
  'x=$(npx jest)',
  'f() { npx jest }; f',
  'f() { npx jest | tail }; f',
  'npx jest & wait $!',
  'eval npx jest',
  "eval 'npx jest | tail'",
  'timeout 60 npx jest',
  'env FOO=1 npx jest',
  'command npx jest',
  'exec npx jest',
  'nohup npx jest',
  'echo --ci | xargs npx jest',
  'noglob npx jest',
  'time npx jest',
  'builtin command npx jest',
  '=npx jest',
  'FOO=1 npx jest',
  './node_modules/.bin/jest',
  './node_modules/.bin/jest | tail',
  '$PWD/node_modules/.bin/jest',
  'node node_modules/jest/bin/jest.js',
  'node node_modules/jest/bin/jest.js | cat',
  'npm test',
  'npm test | tail',
  'npm run test -- --ci',
  "sh -c 'npx jest'",
  "zsh -c 'npx jest | tail'",
  "zsh -fc 'npx jest'",
  "bash -c 'npx jest'",
  '{ npx jest } | tail',
  'repeat 1 npx jest | tail',
  'for i (1) npx jest | tail',
  'coproc npx jest; wait $!',
  "npx jest -t 'it'\\''s (a) $x | y' | tail",
];

/** What leads past shims and preload: a stand-in stops it. */
const pythonForms = [
  'python3 -m pytest',
  'python3 -m pytest && echo NEXT',
  'python3 -m pytest || exit $?',
  'if python3 -m pytest; then echo THEN; else exit $?; fi',
  'python3 -m pytest | tail',
  '(python3 -m pytest)',
  'x=$(python3 -m pytest)',
  'f() { python3 -m pytest }; f',
  'python3 -m pytest & wait $!',
  "eval 'python3 -m pytest'",
  "eval 'python3 -m pytest | tail'",
  "eval 'command python3 -m pytest'",
  "eval 'exec python3 -m pytest'",
  'exec 3>/dev/null; exec python3 -m pytest',
  'timeout 60 python3 -m pytest',
  'env FOO=1 python3 -m pytest',
  'command python3 -m pytest',
  'exec python3 -m pytest',
  'nohup python3 -m pytest',
  'noglob python3 -m pytest',
  ': ; - python3 -m pytest',
  'time python3 -m pytest',
  'FOO=1 python3 -m pytest',
  '/usr/bin/python3 -m pytest',
  '/usr/bin/python3 -B -m pytest | tail',
  "sh -c 'python3 -m pytest'",
  "zsh -c 'python3 -m pytest'",
  'for i (1) python3 -m pytest | tail',
  'pytest',
  'pytest -q | tail',
];

describe('a test run in the text of zsh -c, under enforce,', () => {
  test.concurrent.each([...jestForms, ...pythonForms])('ends with 126: %s', async (text) => {
    expect(await outcomeOf(['-c', text], { mode: 'enforce' })).toEqual(blocked);
  });

  test.concurrent.each([
    ['-lc', 'npx jest | tail'],
    ['-lc', 'python3 -m pytest'],
    ['-ic', 'npx jest | tail'],
    ['-ic', 'python3 -m pytest'],
    ['-lic', 'npx jest | tail'],
    ['-lic', 'python3 -m pytest'],
  ])('ends with 126 also with zsh %s: %s', async (options, text) => {
    expect(await outcomeOf([options, text], { mode: 'enforce' })).toEqual(blocked);
  });

  test.concurrent.each([
    'npx jest 2>&1 | tail -5',
    'npx jest',
    'python3 -m pytest',
    'npm test 2>&1 | head -50',
  ])('ends with 126 in the line that an agent wraps around it: %s', async (command) => {
    const where = join(temporaryDirectory(), 'cwd');
    const line =
      'source /nowhere 2>/dev/null || true && setopt NO_EXTENDED_GLOB 2>/dev/null || true && ' +
      `{ \\builtin unalias -- 'x'; \\builtin unset -f -- 'x'; } >/dev/null 2>&1 || true && eval ${quote(command)} < /dev/null && pwd -P >| ${quote(where)}`;
    expect(await outcomeOf(['-c', line], { mode: 'enforce' })).toEqual(blocked);
  });

  test.concurrent.each(['npx jest 2>&1 | tail -5', 'python3 -m pytest', 'python3 -m pytest | tail'])(
    'ends with 126 where an agent hands it over in an argument: %s',
    async (command) => {
      const line =
        'setopt no_nomatch; { :; builtin eval "$1" < /dev/null }; code=$?; print end; builtin exit $code';
      expect(await outcomeOf(['-c', line, '--', command], { mode: 'enforce' })).toEqual(blocked);
      const run = await runZsh('guarded', ['-c', line, '--', command], {
        mode: 'warn',
        cwd: workspace().path,
      });
      expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/end\n$/) });
    },
  );

  test('goes no further than the blocked command', async () => {
    const run = await runZsh(
      'guarded',
      ['-c', 'npx jest && echo NEXT; python3 -m pytest && echo NEXT; true'],
      {
        mode: 'enforce',
        cwd: workspace().path,
      },
    );
    expect(run).toMatchObject({ status: 0, stdout: '' });
  });

  test('says so when a command is reached, in the order of the line', async () => {
    const text = 'print -u2 one; python3 -m pytest; print -u2 two; npx jest; print -u2 three';
    const { stderr } = await runZsh('guarded', ['-c', text], { mode: 'enforce', cwd: workspace().path });
    expect(stderr.match(/^(one|two|three|.*no tests ran.*)$/gm)).toEqual([
      'one',
      expect.stringContaining('python3 -m pytest'),
      'two',
      expect.stringContaining('npx jest'),
      'three',
    ]);
  });

  test('is not spoken of where the line does not get to it', async () => {
    const text = 'false && python3 -m pytest; false && npx jest | tail; true';
    expect(await outcomeOf(['-c', text], { mode: 'enforce' })).toEqual({
      status: 0,
      messages: 0,
      events: 0,
      runs: 0,
    });
  });
});

describe('a test run in the text of zsh -c, under warn,', () => {
  test.concurrent.each([
    'npx jest',
    'npx jest && true',
    'npx jest 2>&1 | tail -1',
    'x=$(./node_modules/.bin/jest)',
    'eval npx jest',
    'npm test',
    'python3 -m pytest',
    'python3 -m pytest -q | tail -1',
    'command python3 -m pytest',
    'exec python3 -m pytest',
    'timeout 60 python3 -m pytest',
    '(python3 -m pytest)',
    'python3 -m pytest & wait $!',
    '/usr/bin/python3 -m pytest',
    'pytest',
  ])('is warned of once and runs: %s', async (text) => {
    expect(await outcomeOf(['-c', text], { mode: 'warn' })).toEqual({
      status: 0,
      // `2>&1 | tail` shows one line of both.
      messages: text.includes('2>&1') ? 0 : 1,
      events: 1,
      runs: 1,
    });
  });

  test('has its own status and arguments, the last of a pipe too', async () => {
    const { path } = workspace();
    const run = await runZsh(
      'guarded',
      [
        '-c',
        "python3 -m pytest -q 'no such file' >/dev/null; print $?; python3 -m pytest -q nowhere 2>/dev/null | tail -1; print $? $pipestatus",
      ],
      { mode: 'warn', cwd: path },
    );
    expect(run.stdout).toMatch(/^4\n[\s\S]*0 4 0\n$/);
  });

  test.concurrent.each([
    ['in the background', 'python3 -m pytest >/dev/null & print $!; wait $!'],
    ['in the background with a redirection', 'python3 -m pytest >/dev/null 2>&1 & print $!; wait $!'],
    ['as the last command', 'print $$; python3 -m pytest >/dev/null'],
    ['as the last of a list', 'print $$; cd . && python3 -m pytest >/dev/null'],
    ['behind exec', 'print $$; exec python3 -m pytest >/dev/null'],
  ])('is the process that zsh would have made of it: %s', async (_where, text) => {
    const { path } = workspace();
    writeFileSync(
      join(path, 'conftest.py'),
      'import os, pathlib\npathlib.Path("pid").write_text(str(os.getpid()))\n',
    );
    const { stdout, stderr } = await runZsh('guarded', ['-c', text], { mode: 'warn', cwd: path });
    expect(countMessages(stderr)).toBe(text.includes('2>&1') ? 0 : 1);
    expect(stdout.trim()).toBe(readFileSync(join(path, 'pid'), 'utf8'));
  });

  test.each(['which python3', 'command -v python3', 'x=$(whence -p python3) && print $x'])(
    'does not come between a line and what it asks about its words: %s',
    async (question) => {
      const text = `${question} && python3 -m pytest >/dev/null`;
      const run = await runZsh('guarded', ['-c', text], { mode: 'warn', cwd: workspace().path });
      expect(run).toMatchObject({ status: 0, stdout: '/usr/bin/python3\n' });
      expect((await outcomeOf(['-c', text], { mode: 'enforce' })).status).toBe(126);
    },
  );

  test.each(['python3', '/usr/bin/python3', 'timeout 60 python3', 'command python3', 'exec python3'])(
    'ends a shell with err_exit when it fails: %s',
    async (words) => {
      const text = `set -e; (${words} -m pytest -q nowhere) >/dev/null 2>&1; print not here`;
      for (const mode of ['warn', 'enforce'] as const) {
        const run = await runZsh('guarded', ['-c', text], { mode, cwd: workspace().path });
        expect([run.status, run.stdout]).toEqual([mode === 'warn' ? 4 : 126, '']);
      }
    },
  );

  test('fires a ZERR trap once', async () => {
    const text = 'TRAPZERR() { print failed }; python3 -m pytest -q nowhere >/dev/null 2>&1; true';
    const run = await runZsh('guarded', ['-c', text], { mode: 'warn', cwd: workspace().path });
    expect(run).toMatchObject({ status: 0, stdout: 'failed\n' });
  });

  test('leaves a shell that has something to do at its end alive', async () => {
    const text = "trap 'print at the end' EXIT; python3 -m pytest >/dev/null";
    const run = await runZsh('guarded', ['-c', text], { mode: 'warn', cwd: workspace().path });
    expect(run).toMatchObject({ status: 0, stdout: 'at the end\n' });
  });
});

describe('a pipe that no blocked test writes into', () => {
  test.concurrent.each([
    ['yes | head -1 >/dev/null; print st=$?; npx jest | cat', 'st=0\n'],
    ['if false; then npx jest | cat; fi; grep x /dev/null | cat; print st=$?', 'st=0\n'],
    [
      'set -e; false | true; print reached; BASESHOP_ALLOW_OVERLOAD=1 npx jest --version | grep -c .',
      'reached\n1\n',
    ],
    ['piping() { false | true }; piping && print went on; npx jest | cat', 'went on\n'],
    ['false | npx jest; print st=$?', 'st=126\n'],
  ])('has its own status: %s', async (text, stdout) => {
    const run = await runZsh('guarded', ['-c', text], { mode: 'enforce', cwd: workspace().path });
    expect(run.stdout).toBe(stdout);
  });
});

describe('a script file', () => {
  test.concurrent.each([
    ['npx jest'],
    ['npx jest | tail'],
    ['python3 -m pytest'],
    ['python3 -m pytest | tail'],
    ['set -e\n\nrun() {\n  python3 -m pytest "$@"\n}\nrun -q'],
  ])('whose test run is blocked ends with 126: %j', async (text) => {
    const { path, runs } = workspace('späce & more');
    const script = join(path, "it's a (script).zsh");
    writeFileSync(script, `#!/usr/bin/env zsh\n${text}\n`);
    const run = await runZsh('guarded', [script], { mode: 'enforce', cwd: path });
    expect([run.status, runs()]).toEqual([126, 0]);
  });

  test('keeps its other pipes as they are', async () => {
    const { path } = workspace();
    const script = join(path, 'script.zsh');
    writeFileSync(script, 'set -e\nfalse | cat\nnpx jest | tail\nprint end $?\n');
    const run = await runZsh('guarded', [script], { mode: 'enforce', cwd: path });
    expect(run).toMatchObject({ status: 0, stdout: 'end 0\n' });
    expect(run.stderr).toContain('no tests ran');
  });
});

test('a zsh whose PATH was put together anew has the shims first again', async () => {
  const { path } = workspace();
  const run = await runZsh('guarded', ['-c', 'PATH=/usr/bin:/bin; zsh -c "print \\$path[1]; which npx"'], {
    cwd: path,
  });
  expect(run.stdout).toBe(`${join(guardedRoot, 'shims')}\n${join(guardedRoot, 'shims/npx')}\n`);
});
