import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { BashLab, bashes, hook, isOlderThan, temporaryDirectory } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();
const source = `source '${hook}'`;

/**
 * What bash-preexec does, as far as others feel it: at the first prompt it takes a DEBUG trap that it finds over into a
 * function, sets its own, and puts itself around PROMPT_COMMAND; a command typed at the prompt is told from those of
 * PROMPT_COMMAND by a switch that the last part of PROMPT_COMMAND turns on.
 */
const preexec = String.raw`
pre_mode='' pre_status=0
pre_functions=()
pre_command() { pre_status=$?; echo "PRECMD $pre_status"; return "$pre_status"; }
pre_interactive() { pre_mode=on; }
pre_invoke() {
  local last=$1 function
  [[ -n $pre_mode ]] || return 0
  case "$BASH_COMMAND" in pre_*) pre_mode=''; return 0 ;; esac
  [[ $BASH_SUBSHELL == 0 ]] && pre_mode=''
  echo "PREEXEC $BASH_COMMAND"
  for function in ${'$'}{pre_functions[@]+"${'$'}{pre_functions[@]}"}; do "$function"; done
  (exit "$pre_status"); : "$last"
}
pre_install() {
  if [[ -n $pre_trap ]]; then
    eval "local words=($pre_trap)"
    eval "pre_original() {
${'$'}{words[2]}
}"
    pre_functions+=(pre_original)
  fi
  local others=${'$'}{PROMPT_COMMAND//"$pre_string"/:}
  PROMPT_COMMAND=pre_command$'\n'$others$'\n'pre_interactive
  trap 'pre_invoke "$_"' DEBUG
  pre_command; pre_interactive
}
pre_string=$'pre_trap="$(trap -p DEBUG)"\ntrap - DEBUG\npre_install'
PROMPT_COMMAND=${'$'}{PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}$pre_string
`;

describe.each(bashes)('%s', (_name, bash) => {
  test.each([
    ['before', `${preexec}\n${source}`],
    ['after', `${source}\n${preexec}`],
  ])(
    'a preexec library that is read %s the hook keeps all its calls, and the hook all of its',
    async (_when, rc) => {
      const shell = lab.terminal({ bash, rc });
      expect(await shell.type('npx jest first | tail')).toMatch(/no tests ran(.|\n)*PRECMD 126$/);
      expect(await shell.type('echo one; echo two')).toBe('PREEXEC echo one\none\ntwo\nPRECMD 0');
      expect(await shell.type('(exit 3)')).toMatch(/PRECMD 3$/);
      expect(await shell.type('echo "s=$?"')).toBe('PREEXEC echo "s=$?"\ns=3\nPRECMD 0');
      // Not only the first command of a line.
      const later = await shell.type('echo a; npx jest 2>&1 | tail');
      expect(later).toMatch(/^PREEXEC echo a\na\ntest-governor: no tests ran(.|\n)*PRECMD 126$/);
      expect(await shell.type('echo "s=$?"')).toContain('s=126');
      expect(await shell.type('true x; echo "$_"')).toContain('\nx\n');
      expect(shell.events()).toHaveLength(2);
      await shell.type('guard_off');
      expect(await shell.type('trap -p DEBUG')).toContain(`trap -- 'pre_invoke "$_"' DEBUG`);
      expect(await shell.type('echo one; echo two')).toBe('PREEXEC echo one\none\ntwo\nPRECMD 0');
      expect(await shell.type('echo "$PROMPT_COMMAND"')).not.toContain('guard');
    },
  );

  test('a script with a DEBUG trap of its own keeps it, and the layers below still block', async () => {
    const script = `trap 'echo "[$BASH_COMMAND]"' DEBUG; true; npx jest; echo "s=$?"; trap -p DEBUG`;
    for (const guarding of ['with-guard', 'sourced'] as const) {
      const result = await lab.run(script, { bash, guarding });
      expect(result.stdout).toBe(
        `[true]\n[npx jest]\n[echo "s=$?"]\ns=126\n[trap -p DEBUG]\ntrap -- 'echo "[$BASH_COMMAND]"' DEBUG\n`,
      );
      expect(result.events).toEqual([expect.objectContaining({ layer: 'shim', outcome: 'blocked' })]);
    }
  });

  test.each([
    'DEBUG=app:* npx jest | tail -1; echo "s=$?"',
    'LOG=DEBUG npx jest | tail -1; echo "s=$?"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
    'trap "echo bye >&2" EXIT; if [ "${DEBUG:-}" ] || [ "$DEBUG" ]; then set -x; fi; npx jest | tail -1; echo "s=$?"',
    'RETURN=1; f() { npx jest | tail -1; }; f; echo "s=$?"',
  ])('a variable that is called like a trap is none, and the pipe fails: %s', async (script) => {
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe('s=126\n');
    expect(result.messages).toHaveLength(1);
  });

  test('a DEBUG trap whose name comes from a variable runs as often as without the hook', async () => {
    const script =
      'f() { true; }; s=DEBUG; trap \'echo "[$BASH_COMMAND]"\' $s; f; (true); npm --version >/dev/null; trap - $s; f';
    const plain = await lab.run(script, { bash, guarding: 'plain' });
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe(plain.stdout);
    expect(plain.stdout).toContain('[f]');
  });

  test('functrace and extdebug that the user has set stay, and a debugger’s skipping works', async () => {
    const functrace = await lab.run('set -T; f() { npx jest; }; f; echo "s=$?"; set -o | grep functrace', {
      bash,
    });
    expect(functrace.stdout.replace(/\s+/g, ' ')).toBe('s=126 functrace on ');
    expect(functrace.events).toHaveLength(1);
    const rc = `${source}; shopt -s extdebug; trap '[[ $BASH_COMMAND != *skipped* ]]' DEBUG`;
    const shell = lab.terminal({ bash, rc });
    await shell.type('true');
    await shell.type('true');
    expect(await shell.type('echo skipped; echo kept')).toBe('kept');
    expect(await shell.type('npx jest; echo "s=$?"')).toMatch(/no tests ran(.|\n)*s=126$/);
    const alone = await lab.run('shopt -s extdebug; echo kept; npx jest; echo "s=$?"', { bash });
    expect(alone.stdout).toBe('kept\ns=126\n');
  });

  test('traps of the user’s run as often as without the hook, and ask no question twice', async () => {
    const script = [
      "trap 'echo exit 1; echo exit 2' EXIT",
      "trap 'echo usr1; echo usr1 again' USR1",
      'npx jest || kill -USR1 $$',
      'f() { trap "echo return" RETURN; true; }; f',
      'npx jest',
    ].join('\n');
    const result = await lab.run(script, { bash });
    expect(result.stdout).toBe('usr1\nusr1 again\nreturn\nexit 1\nexit 2\n');
    expect(result.status).toBe(126);
    expect(result.messages).toHaveLength(2);
    expect(result.events).toHaveLength(2);
  });

  test('RETURN and DEBUG traps that a file sets which the script reads run as often as without the hook', async () => {
    const directory = temporaryDirectory();
    writeFileSync(
      join(directory, 'lib.sh'),
      [
        'log() { :; }',
        'with_return() { trap \'echo "return $1"; trap - RETURN\' RETURN; log; echo "in $1"; }',
        "with_named() { trap 'echo named; trap - RETURN' $signal; log; echo in; }",
        'with_debug() { trap "echo debug" DEBUG; log; trap - DEBUG; }',
      ].join('\n'),
    );
    const file = join(directory, 'main.sh');
    const script =
      '. "$DIR/lib.sh"\nwith_return a\nsignal=RETURN\nwith_named\nwith_debug\nlog\nnpm --version >/dev/null\nwith_return b\n';
    writeFileSync(file, script);
    const env = { DIR: directory };
    const plain = await lab.run('', { bash, file, guarding: 'plain', env });
    expect(plain.stdout).toContain('in a\nreturn a');
    expect(await lab.run('', { bash, file, env })).toMatchObject({ stdout: plain.stdout, stderr: '' });
    expect(await lab.run(script, { bash, env })).toMatchObject({ stdout: plain.stdout, stderr: '' });
  });

  test('a restricted shell is left to the shims', async () => {
    const result = await lab.run('echo npm; npx jest; echo "s=$?"', { bash, args: ['-r'] });
    expect(result.stdout).toBe('npm\ns=126\n');
    expect(result.stderr).not.toMatch(/restricted|not found/);
    expect(result.events).toEqual([expect.objectContaining({ layer: 'shim' })]);
  });

  test.each(['npx jest; npx jest | tail', 'npx jest && echo next; npx jest | tail && echo pushed'])(
    'beside a trap of the user’s the same test again fails in a pipe as well, right behind the first: %s',
    async (line) => {
      const result = await lab.run(`trap 'echo a | cat; false | true; echo "e=$?"' EXIT; ${line}`, { bash });
      expect(result.status).toBe(126);
      expect(result.stdout).toBe('a\ne=0\n');
      expect(result.messages).toHaveLength(2);
      expect(result.suites).toBe(0);
    },
  );

  test('a pipeline in a trap that follows the same test twice has the status that it has without the guard', async () => {
    const file = join(temporaryDirectory(), 'twice.sh');
    const pipes = 'echo bye; false | true; echo "e=$?"; false | true | true; echo "e=$?"';
    // Only the function tells that one.
    const compound = 'false | while read -r line; do :; done; echo "e=$?"';
    for (const [trap, count] of [
      [`trap '${pipes}' EXIT`, 2],
      [`clean() { ${pipes}; ${compound}; }; trap clean EXIT`, 3],
    ] as const) {
      writeFileSync(file, `set -e\n${trap}\nnpx jest || npx jest\n`);
      const result = await lab.run('', { bash, file });
      expect(result).toMatchObject({ status: 126, stdout: `bye\n${'e=0\n'.repeat(count)}`, suites: 0 });
      expect(result.messages).toHaveLength(2);
    }
  });

  test('a test in an EXIT trap does not run', async () => {
    const result = await lab.run('trap "npx jest" EXIT; echo a', { bash });
    expect(result).toMatchObject({ stdout: 'a\n', suites: 0 });
    expect(result.events).toHaveLength(1);
  });

  test('the user’s own BASH_ENV is read, with its expansions, before anything else', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'env file'), 'theirs="read $1"; echo "last=$_ status=$?"\n');
    const env = { BASH_ENV: '$DIR/env file', DIR: directory };
    for (const script of ['echo "$theirs"', 'echo "$theirs"; npx jest']) {
      const plain = await lab.run('echo "$theirs"', { bash, guarding: 'plain', env });
      const result = await lab.run(script, { bash, env });
      expect(result.stdout).toBe(plain.stdout);
    }
    const gone = await lab.run('echo ok', { bash, env: { BASH_ENV: join(directory, 'gone') } });
    expect(gone).toMatchObject({ stdout: 'ok\n', stderr: '' });
  });

  test('a BASH_ENV of the user’s own that sources the hook does no harm below with-guard, in a strict shell either', async () => {
    const own = join(temporaryDirectory(), 'own');
    writeFileSync(own, `. '${hook}'\n`);
    for (const args of [[], ['-u'], ['-eu']]) {
      const result = await lab.run(`echo "\${#BASH_SOURCE[@]}"; npx jest | tail || echo "s=$?"`, {
        bash,
        args,
        env: { BASH_ENV: own },
      });
      expect(result.stdout).toBe('0\ns=126\n');
      expect(result.messages).toHaveLength(1);
      expect(result.stderr).not.toMatch(/unbound|guard\./);
    }
  });

  test('a script that removes every function and variable that it does not know goes on', async () => {
    const script = [
      'set -eu; source "$HOOK"',
      'unset -f $(compgen -A function); echo latest; : jest',
      'unset $(compgen -v | grep guard); echo "run tests"; npx --version >/dev/null; echo "s=$?"',
    ].join('\n');
    const result = await lab.run(script, { bash, guarding: 'plain' });
    expect(result).toMatchObject({ stdout: 'latest\nrun tests\ns=0\n', stderr: '', status: 0 });
  });

  test('PATH is put right again after a profile or a version manager has moved the shims back', async () => {
    const result = await lab.run(
      `PATH=/usr/local/bin:$PATH; npx jest | tail; echo "s=$?"; echo "\${PATH%%:*}"`,
      { bash },
    );
    expect(result.stdout).toMatch(/^s=126\n.*\/shims\n$/);
    const login = await lab.run(`echo "\${PATH%%:*}"; [[ $NODE_OPTIONS == *--require* ]] && echo preload`, {
      bash,
      args: ['-l'],
    });
    expect(login.stdout).toMatch(/\/shims\npreload\n$/);
    if (!isOlderThan(bash, 4)) expect(login.stderr).toBe('');
  });

  test('sourced twice, also from two start-up files, it is there once', async () => {
    const shell = lab.terminal({ bash, rc: `${source}; ${source}` });
    await shell.type(source);
    expect(await shell.type('npx jest | tail; echo "s=$?"')).toMatch(/no tests ran(.|\n)*s=126$/);
    expect(await shell.type('echo "$PATH" | tr : "\\n" | grep -c shims')).toBe('1');
    expect(await shell.type('echo "$NODE_OPTIONS" | grep -o -- --require | grep -c .')).toBe('1');
    expect(shell.events()).toHaveLength(1);
    await shell.type('guard_off');
    expect(
      await shell.type(`echo "$PATH\${NODE_OPTIONS-}\${BASH_ENV-}\${PROMPT_COMMAND-}" | grep -c guard`),
    ).toBe('0');
  });
});
