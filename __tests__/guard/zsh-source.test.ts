// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is zsh that expands these.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { gateValues } from '../../src/policy/gate';
import {
  baseEnvironment,
  guardedRoot,
  quote,
  readEvents,
  runShell,
  type ShellResult,
} from '../helpers/shell';
import { countMessages, openPrompt, temporaryDirectory, workspace } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

const guard = join(guardedRoot, 'hooks/guarded.sh');
const source = `source ${quote(guard)}`;

interface Sourced {
  readonly result: ShellResult;
  readonly events: number;
  readonly runs: number;
}

/** A zsh without start-up files that runs `text`, in a workspace, under enforce. */
async function run(
  text: string,
  args: readonly string[] = ['-f'],
  env: Record<string, string> = {},
): Promise<Sourced> {
  const { path, runs } = workspace();
  const state = temporaryDirectory();
  const result = await runShell({
    shell: 'zsh',
    args: [...args, '-c', text],
    cwd: path,
    env: baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce', BASESHOP_STATE_DIR: state, ...env }),
  });
  return { result, events: readEvents(state).length, runs: runs() };
}

describe('source hooks/guarded.sh in zsh', () => {
  test.concurrent.each([
    'aliases',
    'ksh_arrays',
    'sh_word_split',
    'no_nomatch',
    'null_glob',
    'extended_glob',
    'ksh_glob',
    'sh_glob',
    'no_glob',
    'glob_subst',
    'no_bare_glob_qual',
    'rc_expand_param',
    'warn_create_global',
    'all_export',
    'local_options',
    'no_function_argzero',
    'posix_builtins posix_argzero posix_identifiers',
    'ignore_braces',
    'csh_junkie_quotes csh_junkie_loops',
    'no_short_loops',
    'no_multi_func_def',
    'no_clobber',
    'typeset_silent',
    'err_exit no_unset pipe_fail',
    'no_unset xtrace',
  ])('guards under setopt %s, also twice, and changes no option', async (options) => {
    const { result, events, runs } = await run(
      `setopt ${options}; before="$(setopt)"; ${source}; ${source}; [[ "$(setopt)" == "$before" ]] && print same\nnpx jest >/dev/null; print "status $?"; python3 -m pytest`,
    );
    expect(result.stdout).toMatch(options.includes('err_exit') ? /^same\n$/ : /^same\nstatus 126\n$/);
    expect(result.status).toBe(126);
    const blocked = options.includes('err_exit') ? 1 : 2;
    expect([countMessages(result.stderr), events, runs]).toEqual([blocked, blocked, 0]);
  });

  test.concurrent.each(['sh', 'ksh', 'csh'])('guards a zsh that emulates %s', async (shell) => {
    const { result, events } = await run(
      `emulate ${shell}; . ${quote(guard)}; npx jest | tail; echo "status $?"`,
    );
    expect([result.stdout, countMessages(result.stderr), events]).toEqual(['status 126\n', 1, 1]);
  });

  test('guards a zsh that is called sh', async () => {
    const directory = temporaryDirectory();
    symlinkSync('/usr/bin/zsh', join(directory, 'sh'));
    const { path } = workspace();
    const result = await runShell({
      shell: join(directory, 'sh'),
      script: `. ${quote(guard)}; npx jest | tail; echo "status $?"; python3 -m pytest`,
      cwd: path,
      env: baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce' }),
    });
    expect(result).toMatchObject({ status: 126, stdout: 'status 126\n' });
    expect(countMessages(result.stderr)).toBe(2);
  });

  test('guards past aliases, also global and suffix ones, and functions of the names that it uses itself', async () => {
    const names =
      'builtin source emulate setopt unsetopt typeset local export unset print return command functions unfunction read eval test zmodload true false exit';
    const { result, events } = await run(
      [
        // Reserved words cannot be taken by a function; as an alias each of the other names would break any script.
        `for name in builtin source emulate setopt typeset local export print return command node; do alias $name='print wrong'; done`,
        "alias -g -- -o='| cat' text='| cat'; alias -s zsh='print wrong' sh='print wrong'",
        `for name in ${names}; do [[ $name == builtin ]] || functions[$name]='builtin print "wrong $0"; \\builtin return 9'; done`,
        `\\builtin source ${quote(guard)}`,
        'npx jest',
        "\\builtin print 'status' $?",
        '/usr/bin/python3 -m pytest',
        "\\builtin print 'status' $?",
      ].join('\n'),
    );
    expect(result).toMatchObject({ status: 0, stdout: 'status 126\nstatus 126\n' });
    expect([countMessages(result.stderr), events]).toEqual([2, 2]);
  });

  test('finds itself through a symbolic link, from any directory, whatever the name', async () => {
    const directory = join(temporaryDirectory(), 'it’s a "link" $HOME (x)');
    mkdirSync(directory);
    symlinkSync(guard, join(directory, 'guard me.sh'));
    symlinkSync(guardedRoot, join(directory, 'root'));
    for (const file of [join(directory, 'guard me.sh'), join(directory, 'root/hooks/guarded.sh')]) {
      const { result } = await run(`cd /; source ${quote(file)}; print -r -- $path[1]; npx jest; print $?`);
      expect(result.stdout.split('\n')[1]).toBe('126');
      expect(result.stdout).toMatch(/shims\n/);
    }
  });

  test('in a script file of its own guards what the script runs', async () => {
    const { result, events } = await run(
      `print -r -- ${quote(`${source}\npython3 -m pytest | tail\nprint $?\nnpx jest\n`)} >script.zsh; zsh -f script.zsh`,
    );
    expect(result).toMatchObject({ status: 126, stdout: '126\n' });
    expect(events).toBe(2);
  });

  test('in ~/.zshenv, ~/.zprofile, ~/.zshrc and ~/.zlogin guards once', async () => {
    const { path } = workspace();
    const home = temporaryDirectory();
    for (const name of ['.zshenv', '.zprofile', '.zshrc', '.zlogin']) {
      writeFileSync(join(home, name), `print ${name}; ${source}\n`);
    }
    const result = await runShell({
      shell: 'zsh',
      args: ['-lic', 'python3 -m pytest | tail; print $? $path[2] ${#${(M)path:#*shims}}'],
      cwd: path,
      env: baseEnvironment({ HOME: home, BASESHOP_POLICY_MODE: 'enforce' }),
    });
    expect(result.stdout).toMatch(/^\.zshenv\n\.zprofile\n\.zshrc\n\.zlogin\n126 (?!.*shims ).* 1\n$/);
    expect(countMessages(result.stderr)).toBe(1);
  });
});

describe('guard_off', () => {
  const dump =
    'print -l "env:" ${(f)"$(env | grep -v ^_= | sort)"} "functions:" ${(ok)functions} "hooks:" $preexec_functions $precmd_functions "options:" $(setopt) "aliases:" ${(k)aliases} "parameters:" ${(k)parameters[(I)*(guard|GUARD)*]}';

  test.concurrent.each([
    ['', {}],
    [
      'python3() { command python3 "$@" }; preexec_functions=(mine); mine() { : }; precmd_functions=(mine)',
      {},
    ],
    ['', { NODE_OPTIONS: '--max-old-space-size=500', BASH_ENV: '/nowhere', ZDOTDIR: '/tmp' }],
  ] as const)('takes everything back: %j %j', async (before, env) => {
    const text = (guarded: boolean): string =>
      `${before}\n${guarded ? `${source}; (npx jest | tail) 2>/dev/null; guard_off` : ':'}\n${dump}`;
    const home = temporaryDirectory();
    // The same text length and words, so that ZSH_EXECUTION_STRING is no difference.
    const plain = await run(text(false), ['-f', '-i'], { ...env, HOME: home, BASESHOP_STATE_DIR: home });
    const off = await run(text(true), ['-f', '-i'], { ...env, HOME: home, BASESHOP_STATE_DIR: home });
    const lines = (sourced: Sourced): readonly string[] =>
      sourced.result.stdout.split('\n').filter((line) => !/^(PWD|OLDPWD)=/.test(line));
    expect(off.result.stderr).toBe('');
    expect(lines(off).filter((line) => line !== 'pipefail')).toEqual(lines(plain));
  });

  test('at a prompt takes the hooks out of the running shell, and sourcing puts them back', async () => {
    const { path, runs } = workspace();
    const prompt = await openPrompt({
      command: 'zsh',
      args: ['-f', '-i'],
      cwd: path,
      env: baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce' }),
    });
    await prompt.type(source);
    expect((await prompt.type('python3 -m pytest')).status).toBe(126);
    await prompt.type('guard_off');
    expect((await prompt.type('python3 -m pytest >/dev/null')).status).toBe(0);
    expect((await prompt.type('print $+preexec_functions $+precmd_functions $+ZDOTDIR')).shown).toContain(
      '0 0 0',
    );
    await prompt.type(source);
    expect((await prompt.type('npx jest | tail')).status).toBe(126);
    expect(runs()).toBe(1);
    await prompt.leave();
  });
});

/** The words that a `case` alternation of `*word*` looks for, with each `[xy]` in it written out. */
function wordsOf(alternation: string): readonly string[] {
  return alternation.split('|').flatMap((pattern) =>
    pattern
      .trim()
      .replaceAll('*', '')
      .split(/\[(.*?)\]/)
      .reduce<readonly string[]>(
        (words, part, index) =>
          words.flatMap((word) => (index % 2 === 0 ? [word + part] : [...part].map((one) => word + one))),
        [''],
      ),
  );
}

test('the few patterns that a prompt looks for first are in every word of the gate', () => {
  const hook = readFileSync(join(guardedRoot, 'templates/zsh-prompt.zsh'), 'utf8');
  const hints = wordsOf(/^\s+(\*.*\*)\) @p@_guard_consider/m.exec(hook)?.[1] ?? '');
  const words = wordsOf(gateValues().get('gate:text') ?? '');
  expect(words.length).toBeGreaterThan(5);
  expect(hints).not.toContain('');
  expect(words.filter((word) => !hints.some((hint) => word.includes(hint)))).toEqual([]);
});
