// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is zsh that expands these.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, openTerminal, quote, readEvents } from '../helpers/shell';
import { countMessages, openPrompt, type Prompt, temporaryDirectory, workspace } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(120_000);

const withGuard = join(guardedRoot, 'bin/with-guard');

interface Guarded {
  readonly prompt: Prompt;
  readonly state: string;
  readonly home: string;
  runs(): number;
}

/** A prompt of `with-guard zsh -i` in a workspace, with these start-up files. */
async function guardedPrompt(
  mode: 'enforce' | 'warn',
  files: Readonly<Record<string, string>> = {},
): Promise<Guarded> {
  const { path, runs } = workspace();
  const state = temporaryDirectory();
  const home = temporaryDirectory();
  for (const [name, text] of Object.entries({ '.zshrc': '', ...files }))
    writeFileSync(join(home, name), text);
  const prompt = await openPrompt({
    command: withGuard,
    args: ['zsh', '-i'],
    cwd: path,
    env: baseEnvironment({ HOME: home, BASESHOP_POLICY_MODE: mode, BASESHOP_STATE_DIR: state }),
  });
  return { prompt, state, home, runs };
}

describe('a test run at a prompt', () => {
  test('is blocked with 126 in every form, once, and the shell goes on', async () => {
    const { prompt, state, runs } = await guardedPrompt('enforce', {
      '.zshrc': [
        "alias t='npx jest' py='python3 -m pytest'",
        "alias -g QUIETLY='2>/dev/stdout | tail'",
        'inside() { npx jest "$@" | tail }',
        'plainly() { npx jest "$@" }',
        'within() { python3 -m pytest "$@" }',
      ].join('\n'),
    });
    const lines = [
      'npx jest',
      'npx jest && echo NEXT',
      'npx jest | tail',
      '(npx jest)',
      'x=$(npx jest)',
      'f() { npx jest }; f',
      'npx jest & wait $!',
      "eval 'npx jest | tail'",
      'timeout 60 npx jest',
      'command npx jest',
      'noglob npx jest',
      'time npx jest',
      './node_modules/.bin/jest',
      'node node_modules/jest/bin/jest.js',
      't',
      't | tail',
      't QUIETLY',
      'inside',
      'plainly | tail',
      'g() { npx jest; }; h() { g }; h | tail',
      'python3 -m pytest',
      'python3 -m pytest | tail',
      'python3 -m pytest && echo NEXT',
      'x=$(python3 -m pytest)',
      'exec python3 -m pytest',
      'command python3 -m pytest',
      'env python3 -m pytest',
      "sh -c 'python3 -m pytest'",
      '/usr/bin/python3 -m pytest',
      'python3 -m pytest & wait $!',
      'py | tail',
      'within',
      'within | tail',
      'npm test | tail',
      'repeat 1 npx jest | tail',
      'for i (1) { npx jest | tail }',
    ];
    const seen: (readonly [string, number, number, number])[] = [];
    for (const line of lines) {
      const before = readEvents(state).length;
      const { shown, status } = await prompt.type(line);
      seen.push([line, status, countMessages(shown), readEvents(state).length - before]);
    }
    expect(seen).toEqual(lines.map((line) => [line, 126, 1, 1]));
    expect(runs()).toBe(0);
    expect(await prompt.leave()).toBe(0);
  });

  test('is warned of once and runs, in any form', async () => {
    const { prompt, state, runs } = await guardedPrompt('warn');
    for (const line of ['npx jest >/dev/null', 'python3 -m pytest >/dev/null', 'npx jest | tail -1']) {
      const before = [readEvents(state).length, runs()];
      const { shown, status } = await prompt.type(line);
      expect([line, status, countMessages(shown)]).toEqual([line, 0, 1]);
      expect([readEvents(state).length, runs()]).toEqual(before.map((count) => count + 1));
    }
    await prompt.leave();
  });

  test('leaves nothing behind: functions, options and variables are what they were', async () => {
    const { prompt } = await guardedPrompt('enforce', {
      '.zshrc': 'python3() { command python3 "$@"; print mine }',
    });
    const state =
      'functions python3; print $options[pipefail] $+functions[env] ${(k)functions[(I)*guard_kept*]}';
    const before = await prompt.type(state);
    expect(before.shown).toContain('print mine');
    expect((await prompt.type('env python3 -m pytest | tail')).status).toBe(126);
    expect(await prompt.type(state)).toEqual(before);
    await prompt.leave();
  });

  test('asks before a function of the user’s that stands in front of the program, and then calls it', async () => {
    const { prompt } = await guardedPrompt('enforce', {
      '.zshrc': 'python3() { print "mine $# $1 $0 $options[shwordsplit]"; return 7 }\nsetopt sh_word_split',
    });
    expect(await prompt.type('python3 -m pytest')).toMatchObject({
      status: 126,
      shown: expect.not.stringContaining('mine'),
    });
    // In a line that has a stand-in too, where what is called is no test run.
    expect(await prompt.type('python3 -V; false && python3 -m pytest; python3 -c x')).toMatchObject({
      status: 7,
      shown: expect.stringMatching(/mine 1 -V python3 on\n[\s\S]*mine 2 -c python3 on/),
    });
    await prompt.leave();
  });

  test('keeps a function that the line itself defines under a word with a stand-in', async () => {
    const { prompt } = await guardedPrompt('enforce');
    await prompt.type('python3 -m pytest; python3() { print new }');
    expect((await prompt.type('python3')).shown).toContain('new');
    await prompt.leave();
  });

  test('can be interrupted, and the next line is as ever', async () => {
    const { prompt } = await guardedPrompt('warn');
    const { terminal } = prompt;
    // Short sleeps: a signal that comes between two instructions of Python does not end the sleep that follows.
    terminal.send(
      `trap 'print interrupted' INT; python3 -c 'import time; print("wait" + "ing", flush=True); [time.sleep(0.05) for _ in range(1200)]' pytest\n`,
    );
    await terminal.waitFor(/waiting\r?\n/);
    terminal.send('\u0003');
    await terminal.waitFor(/\[130\]>> /);
    expect(await prompt.type('print $+functions[python3] $options[pipefail]')).toMatchObject({
      status: 0,
      shown: expect.stringContaining('0 off'),
    });
    await prompt.leave();
  });

  test('is seen with the line editor on, and stays in the history as it was typed', async () => {
    const { path } = workspace();
    const home = temporaryDirectory();
    writeFileSync(
      join(home, '.zshrc'),
      "PROMPT='re''ady%# '; HISTFILE=$HOME/history; SAVEHIST=10\nalias t='npx jest'\n",
    );
    const terminal = openTerminal({
      command: withGuard,
      args: ['zsh', '-i'],
      cwd: path,
      env: baseEnvironment({ HOME: home, TERM: 'xterm', BASESHOP_POLICY_MODE: 'enforce' }),
    });
    await terminal.waitFor(/ready/);
    terminal.send('t | tail\n');
    await terminal.waitFor(/no tests ran/);
    await terminal.waitFor(/ready/);
    terminal.send('print "status"$? "$(fc -ln -1)"\n');
    await terminal.waitFor(/status126 t \| tail/);
    terminal.send('exit 0\n');
    expect(await terminal.ended()).toBe(0);
  });
});

/** Lines that are no test runs, and what may differ in them without us: nothing. */
const session = [
  'true',
  'print "$? [$_]"',
  'false',
  'print "$? [$_]"',
  'true | false | (exit 3) | true',
  'print "$pipestatus"',
  'print one two',
  'print "[$_]"',
  'print first; print "[$_]"; print second',
  'git commit --dry-run -m "run npx jest | tail later" 2>/dev/null; print "[$_]"',
  'echo npx jest | cat',
  'print "$pipestatus [$_]"',
  'grep -c jest package.json',
  '! true',
  'print $?',
  'sleep 0.01 & wait $!; print $?',
  'sleep 100 &',
  'jobs | sed "s/[0-9][0-9]*//g"',
  // Not `kill %1; wait %1`: whether zsh still knows the job is a matter of chance, with or without a guard.
  'disown %1; kill $!; print $?',
  '(trap "print left" EXIT; true)',
  'trap "print caught" USR1; kill -USR1 $$; trap',
  'trap - USR1',
  'f() { print "$0 $# $funcstack"; return 4 }',
  'f a b; print $?',
  'setopt err_return; g() { false; print not here }; g; unsetopt err_return; print $?',
  'setopt pipe_fail; false | true; print $?; unsetopt pipe_fail',
  'x=(a "b c"); print $#x $x[2]; typeset -p x',
  'setopt ksh_arrays; print ${x[0]}; unsetopt ksh_arrays',
  'print $options[localoptions] $options[aliases] $options[xtrace] $options[emacs]',
  'for i in 1 2; do print $i; done | tail -1',
  'alias ll="print aliased"',
  'll',
  'cat <<< here | tr a-z A-Z',
  'cat <<END\nin a $((1 + 1)) document\nEND',
  'print "two\nlines"',
  'no_such_command_at_all',
  'print $?',
  '[[ a == (a|b) ]] && print matched',
  'print -l *.js(N) | head -1',
  'fc -ln -2',
  'set -x; print traced; false; set +x',
  'print $preexec_functions[1] $+functions[preexec]',
] as const;

describe('a prompt', () => {
  const zshrc = [
    'preexec_functions=(theirs)',
    'theirs() { print -r -- "<$1>" >>$HOME/seen }',
    'preexec() { print -r -- "pre $#" >>$HOME/seen }',
    'precmd() { local code=$?; print "cmd $code $pipestatus" >>$HOME/seen }',
    'unsetopt bang_hist',
  ].join('\n');

  async function transcript(
    command: string,
    args: readonly string[],
    extra: string,
  ): Promise<readonly string[]> {
    const { path } = workspace();
    const home = temporaryDirectory();
    writeFileSync(join(home, '.zshrc'), `${zshrc}\n${extra}\n`);
    const prompt = await openPrompt({ command, args, cwd: path, env: baseEnvironment({ HOME: home }) });
    const shown: string[] = [];
    for (const line of session) {
      const result = await prompt.type(line);
      shown.push(
        `${line}\n${result.shown
          .replaceAll(path, 'WS')
          .replaceAll(home, 'HOME')
          .replaceAll(/\b\d{3,}\b/g, 'PID')}=> ${result.status}`,
      );
    }
    shown.push((await prompt.type('cat $HOME/seen')).shown.replaceAll(home, 'HOME'));
    await prompt.leave();
    return shown;
  }

  test('is as without us: statuses, $_, pipestatus, hooks, traps, jobs, options, history, traces', async () => {
    const plain = await transcript('zsh', ['-i'], '');
    expect(await transcript(withGuard, ['zsh', '-i'], '')).toEqual(plain);
    const source = `source ${quote(join(guardedRoot, 'hooks/guarded.sh'))}`;
    expect(await transcript('zsh', ['-i'], `${source}\n${source}`)).toEqual(plain);
  });

  test('keeps hooks that the user’s start-up files have set, and those that are added later', async () => {
    const { prompt } = await guardedPrompt('enforce', {
      '.zshrc': [
        'autoload -Uz add-zsh-hook',
        'one() { print "one saw $1" }; two() { print "two" }',
        'add-zsh-hook preexec one; add-zsh-hook precmd two',
      ].join('\n'),
    });
    expect((await prompt.type('npx jest | tail')).shown).toMatch(
      /one saw npx jest \| tail\n[\s\S]*no tests ran[\s\S]*two\n/,
    );
    expect((await prompt.type('three() { print three }; add-zsh-hook preexec three; true')).status).toBe(0);
    expect(await prompt.type('npx jest | tail')).toMatchObject({
      status: 126,
      shown: expect.stringMatching(/one saw[\s\S]*three\n[\s\S]*no tests ran/),
    });
    await prompt.leave();
  });

  test('puts the shims first again before a test run that a version manager has put before them', async () => {
    const { prompt, home } = await guardedPrompt('enforce');
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin/npx'), '#!/bin/sh\nexec /usr/bin/npx "$@"\n', { mode: 0o755 });
    await prompt.type('path=($HOME/bin $path)');
    expect((await prompt.type('npx jest')).status).toBe(126);
    expect((await prompt.type('print $path[1]')).shown).toContain(join(guardedRoot, 'shims'));
    await prompt.leave();
  });
});
