import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { guardedRoot } from '../helpers/shell.ts';
import { BashLab, bashes, hook, isOlderThan } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();
const source = `source '${hook}'`;

describe.each(bashes)('%s', (_name, bash) => {
  test('a blocked line leaves the shell alive, with 126 and nothing changed', async () => {
    const runs = lab.workspace.runs();
    const shell = lab.terminal({ bash, rc: `set +H; v=kept; ${source}` });
    const before = await shell.type('echo "$- $(set -o | grep -c on)"');
    expect(await shell.type('npx jest && echo next')).toMatch(/^test-governor: no tests ran\./);
    expect(await shell.type('echo "s=$? $v"')).toBe('s=126 kept');
    expect(await shell.type('(npx jest) || echo "in ( ): $?"')).toMatch(/in \( \): 126$/);
    expect(await shell.type('f() { npx jest; }; f; echo "in f: $?"')).toMatch(/in f: 126$/);
    expect(await shell.type('exec npx jest')).toContain('no tests ran');
    expect(await shell.type('npx jest 2>&1 | tail -5')).toContain('no tests ran');
    const statuses = isOlderThan(bash, 4) ? '0' : '126 0';
    expect(await shell.type(`echo "s=$? \${PIPESTATUS[*]}"`)).toBe(`s=126 ${statuses}`);
    expect(await shell.type('false | true; echo "s=$?"')).toBe('s=0');
    expect(await shell.type('npx jest; (npx --version >/dev/null) && echo works')).toMatch(/works$/);
    expect(
      await shell.type('npx jest & (npx --version >/dev/null) && echo works; wait $!; echo "s=$?"'),
    ).toMatch(/works(.|\n)*s=126$/);
    expect(await shell.type('echo "$- $(set -o | grep -c on)"')).toBe(before);
    expect(await shell.type('(exit 7)')).toBe('');
    expect(await shell.type('echo "$?"')).toBe('7');
    expect(shell.events()).toHaveLength(7);
    expect(await shell.exit()).toBe(0);
    expect(lab.workspace.runs()).toBe(runs);
  });

  test('a warned line runs with its own status, and is spoken of once', async () => {
    const shell = lab.terminal({ bash, rc: source, mode: 'warn' });
    const output = await shell.type('./node_modules/.bin/jest sum 2>/dev/null; echo "s=$?"');
    expect(output.match(/test-governor: warning/g)).toHaveLength(1);
    expect(output).toMatch(/s=0$/);
    // What follows is no part of what was decided.
    expect(await shell.type('(./node_modules/.bin/jest sum 2>&1) | grep -c warning')).toBe('1');
    expect(await shell.type(`echo "d=\${BASESHOP_GUARD_DECISION-unset}"`)).toBe('d=unset');
    expect(shell.events().map((event) => event.outcome)).toEqual(['warned', 'warned']);
  });

  test('below with-guard, an interactive bash without any line in its start-up files blocks from the first line on', async () => {
    const shell = lab.terminal({ bash, rc: '', guarding: 'with-guard' });
    expect(await shell.type('npx jest 2>&1 | tail -5')).toContain('no tests ran');
    expect(await shell.type('echo "s=$?"')).toBe('s=126');
    expect(await shell.type('python3 -m pytest; echo "s=$?"')).toMatch(/s=126$/);
    expect(shell.events()).toEqual([
      expect.objectContaining({ layer: 'text' }),
      expect.objectContaining({ layer: 'text' }),
    ]);
  });

  test('`bash -i -c` with the hook in ~/.bashrc blocks, though it shows no prompt', async () => {
    const { env } = lab.environment({ mode: 'enforce' });
    writeFileSync(`${env.HOME}/.bashrc`, `${source}\n`);
    const result = await lab.run('npx jest 2>&1 | tail; echo "s=$?"', {
      bash,
      guarding: 'plain',
      args: ['-i'],
      env: { HOME: env.HOME ?? '' },
    });
    expect(result.stdout).toBe('s=126\n');
    expect(result.messages).toHaveLength(1);
  });

  test('an existing DEBUG trap goes on as it was, with its $?, $_ and arguments', async () => {
    const theirs = `trap 'printf "[%s|%s|%s]\\n" "$?" "$_" "$BASH_COMMAND"' DEBUG`;
    const rc = `${theirs}; ${source}`;
    const shell = lab.terminal({ bash, rc });
    const plain = lab.terminal({ bash, rc: theirs });
    await shell.type('true first');
    await plain.type('true first');
    await shell.type('true second');
    await plain.type('true second');
    for (const line of [
      'false',
      'true a b',
      'echo x y; echo "$_"',
      '[[ a == b ]]',
      '(exit 5)',
      'cd . && pwd',
    ]) {
      expect(await shell.type(line)).toBe(await plain.type(line));
    }
    const blocked = await shell.type('npx jest z');
    expect(blocked).toContain('no tests ran');
    expect(blocked).toMatch(/\[\d+\|\S*\|npx jest z\]$/);
    expect(await shell.type('guard_off')).toContain('guard_off');
    expect(await shell.type('trap -p DEBUG')).toContain(
      `trap -- 'printf "[%s|%s|%s]\\n" "$?" "$_" "$BASH_COMMAND"' DEBUG`,
    );
  });

  test('beside a DEBUG trap of the user’s `set -x` shows that trap and the commands, and nothing of the guard', async () => {
    const theirs = "trap 'last=$BASH_COMMAND' DEBUG";
    const shell = lab.terminal({ bash, rc: `${theirs}; ${source}` });
    const plain = lab.terminal({ bash, rc: theirs });
    for (const line of [
      'true',
      'true',
      'set -x; echo a; set +x',
      'set -x',
      'echo test "$_"',
      'false',
      'set +x',
    ]) {
      expect(await shell.type(line)).toBe(await plain.type(line));
    }
    const blocked = await shell.type('set -x; npx jest; set +x');
    expect(blocked).toMatch(/no tests ran(.|\n)*\+\+ last='npx jest'\n\+ npx jest\n/);
    expect(blocked).not.toContain('guard');
    expect(await shell.type('npx jest | tail; echo "s=$?"')).toMatch(/no tests ran(.|\n)*s=126$/);
    await shell.type('guard_off');
    expect(await shell.type('trap -p DEBUG')).toBe("trap -- 'last=$BASH_COMMAND' DEBUG");
  });

  test('a DEBUG trap goes on also where its owner evaluates what was PROMPT_COMMAND in a function, as VS Code does', async () => {
    const theirs = [
      'trap \'echo "[$BASH_COMMAND]"\' DEBUG',
      `theirs=\${PROMPT_COMMAND-}; at_prompt() { eval "$theirs"; }; PROMPT_COMMAND=at_prompt`,
    ].join('\n');
    const plain = lab.terminal({ bash, rc: theirs });
    const guarded = [
      lab.terminal({ bash, rc: `${source}\n${theirs}` }),
      lab.terminal({ bash, rc: theirs, guarding: 'with-guard' }),
    ];
    await plain.type('true');
    for (const shell of guarded) {
      expect(await shell.type('true')).toMatch(/^\[true\]/);
      await shell.type('true');
      for (const line of ['true third', 'echo "$_"', '(exit 5)']) {
        expect(await shell.type(line)).toBe(await plain.type(line));
      }
      expect(await shell.type('echo "$PROMPT_COMMAND"')).toMatch(/^\[echo .*\]\nat_prompt$/m);
      expect(await shell.type('npx jest | tail')).toMatch(/no tests ran(.|\n)*\[npx jest\]\n\[tail\]/);
      expect(await shell.type('echo "s=$?"')).toContain('\ns=126');
    }
  });

  test.each([
    ['is read-only', '', 'readonly PROMPT_COMMAND'],
    ['is set anew at each prompt', 'PROMPT_COMMAND=at_prompt', ''],
  ])(
    'the trap comes also where a function evaluates what was PROMPT_COMMAND and that %s',
    async (_what, within, behind) => {
      const theirs = `theirs=\${PROMPT_COMMAND-}; at_prompt() { eval "$theirs"; ${within || ':'}; }; PROMPT_COMMAND=at_prompt; ${behind}`;
      for (const run of [{ rc: `${source}\n${theirs}` }, { rc: theirs, guarding: 'with-guard' as const }]) {
        const shell = lab.terminal({ bash, ...run });
        expect(await shell.type('true')).toBe('');
        expect(await shell.type('true')).toBe('');
        expect(await shell.type('echo "$PROMPT_COMMAND"')).toBe('at_prompt');
        expect(await shell.type('trap -p DEBUG')).toContain('guard');
      }
    },
  );

  test('below with-guard the hook is read once, also where a function goes on to evaluate what was PROMPT_COMMAND', async () => {
    const rc = [
      `.() { [[ $1 != */hooks/* ]] || echo "read \${1##*/}"; builtin . "$@"; }`,
      `theirs=$PROMPT_COMMAND; at_prompt() { eval "$theirs"; }; PROMPT_COMMAND=at_prompt`,
    ].join('\n');
    const shell = lab.terminal({ bash, rc, guarding: 'with-guard' });
    expect(await shell.screen()).toContain('read prompt.bash');
    expect(await shell.type('true')).toBe('');
    expect(await shell.type('true')).toBe('');
    expect(await shell.type('npx jest')).toContain('no tests ran');
  });

  test('a shell that exports everything and makes way for the next one with exec leaves it guarded', async () => {
    const shell = lab.terminal({ bash, rc: 'set -a', guarding: 'with-guard' });
    await shell.type('true');
    await shell.type(`exec '${join(guardedRoot, 'bin/with-guard')}' '${bash}' --noprofile -i`);
    await shell.type('true');
    await shell.type('npx jest | tail');
    expect(await shell.type('echo "s=$?"')).toContain('s=126');
  });

  test('PROMPT_COMMAND is as it was once the trap is set, and each part of it sees the right status', async () => {
    const rc = `${source}; show() { echo "pc=$1"; }; PROMPT_COMMAND="$PROMPT_COMMAND
show \\$?"`;
    const shell = lab.terminal({ bash, rc });
    expect(await shell.type('(exit 3)')).toBe('pc=3');
    expect(await shell.type('(exit 4)')).toBe('pc=4');
    expect(await shell.type('npx jest')).toMatch(/pc=126$/);
    expect(await shell.type('echo "<$PROMPT_COMMAND>"')).toBe('<show $?>\npc=0');
    const before = lab.terminal({ bash, rc: `PROMPT_COMMAND='echo "pc=$?"'; ${source}` });
    await before.type('true');
    expect(await before.type('npx jest')).toMatch(/pc=126$/);
    expect(await before.type('echo "<$PROMPT_COMMAND>"')).toBe('<echo "pc=$?">\npc=0');
    const none = lab.terminal({ bash, rc: source });
    await none.type('true');
    await none.type('true');
    expect(await none.type(`echo "<\${PROMPT_COMMAND-unset}>"`)).toBe('<unset>');
  });

  test('what a ~/.bashrc puts around the guard’s part of PROMPT_COMMAND still runs when that is gone', async () => {
    const ways = [
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
      ['"${PROMPT_COMMAND:+$PROMPT_COMMAND; }echo after"', 'echo after', 'after'],
      ['"${PROMPT_COMMAND%;};echo after"', 'echo after', 'after'],
      ['"echo before;$PROMPT_COMMAND"', 'echo before;', 'before'],
      ['"echo before;$PROMPT_COMMAND; echo after"', 'echo before; echo after', 'before\nafter'],
      ['"echo before; $PROMPT_COMMAND\necho after"', 'echo before; echo after', 'before\nafter'],
      ['"$PROMPT_COMMAND && echo after"', '\\builtin : && echo after', 'after'],
      ['"{ $PROMPT_COMMAND; }; echo after"', '{ \\builtin :; }; echo after', 'after'],
      ['"{\n$PROMPT_COMMAND\n}; echo after"', '{\n\\builtin :\n}; echo after', 'after'],
      [
        '"if true; then\n  $PROMPT_COMMAND\nfi; echo after"',
        'if true; then\n  \\builtin :\nfi; echo after',
        'after',
      ],
      ['"true &&\n$PROMPT_COMMAND\necho after"', 'true &&\n\\builtin :\necho after', 'after'],
      [
        '"case x in x) echo before; $PROMPT_COMMAND;; esac"',
        'case x in x) echo before; \\builtin :;; esac',
        'before',
      ],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is bash that expands it.
    ] as const;
    for (const [value, left, printed] of ways) {
      const shell = lab.terminal({ bash, rc: `${source}; PROMPT_COMMAND=${value}` });
      await shell.type('true');
      expect(await shell.type('(exit 3)')).toBe(printed);
      expect(await shell.type('echo "$?<$PROMPT_COMMAND>"')).toBe(`3<${left}>\n${printed}`);
      expect(await shell.type('npx jest')).toContain('no tests ran');
    }
  });

  test('a PROMPT_COMMAND that is an array stays the array that it was', async () => {
    const rc = `PROMPT_COMMAND=('echo "one=$?"' 'echo two'); ${source}; PROMPT_COMMAND+=('echo three')`;
    const shell = lab.terminal({ bash, rc });
    await shell.type('true');
    expect(await shell.type('(exit 9)')).toMatch(/^one=9/);
    expect(await shell.type('npx jest')).toMatch(/no tests ran(.|\n)*one=126/);
    expect(await shell.type('declare -p PROMPT_COMMAND')).toMatch(
      /^declare -a PROMPT_COMMAND='?\(\[0\]="echo \\"one=\\\$\?\\"" \[1\]="echo two" \[2\]="echo three"\)/,
    );
  });

  test('nothing of the user’s is called or expanded: aliases and functions named as anything the hook might use', async () => {
    const names = [
      'builtin',
      'case',
      'esac',
      'eval',
      'unset',
      'local',
      'printf',
      'set',
      'trap',
      'export',
      'test',
      '[',
      ':',
    ];
    const aliases = [
      ...names,
      'source',
      'read',
      'return',
      'shopt',
      'command',
      'node',
      'if',
      'while',
      'function',
      'true',
    ];
    const functions = [
      'eval',
      'unset',
      'printf',
      'set',
      'trap',
      'export',
      'test',
      'source',
      'read',
      'declare',
    ];
    const rc = [
      ...functions.map((name) => `function ${name} { builtin echo "CALLED ${name}"; }`),
      "function node { builtin echo 'CALLED node'; }; function command { builtin echo 'CALLED command'; }",
      ...aliases
        .map((name) => `builtin alias ${name}='echo ALIAS ${name};'`)
        .sort((a) => (a.includes('builtin=') ? 1 : -1)),
      `\\builtin source '${hook}'`,
    ].join('\n');
    const shell = lab.terminal({ bash, rc });
    expect(await shell.type('npx jest | tail')).toMatch(
      /^test-governor: no tests ran(?!(.|\n)*(ALIAS|CALLED))/,
    );
    expect(await shell.type('echo "s=$?"')).toBe('s=126');
    expect(await shell.type('\\npx jest; echo s=$?')).toMatch(/s=126$/);
    expect(await shell.type('guard_off')).toBe('');
    expect(await shell.screen()).not.toMatch(/\n(ALIAS|CALLED)/);
  });

  test('a function named builtin stays whose it is; it is said that the shell is not guarded', async () => {
    const rc = `builtin() { echo "CALLED $1"; }\nexport -n HOOK; . '${hook}'`;
    const shell = lab.terminal({ bash, rc });
    expect(await shell.screen()).toBe(
      'test-governor: a function named builtin is in the way, so this shell is not guarded\nready> ',
    );
    expect(await shell.type('builtin x')).toBe('CALLED x');
  });

  test('history, HISTCONTROL, PS0, multi-line commands and job numbers are as without the hook', async () => {
    const rc = `HISTCONTROL=ignorespace; PS0='<ps0>'; set -o history; HISTFILE=`;
    const lines = [
      'echo first',
      ' echo hidden',
      'for i in 1 2\ndo echo "$i"\ndone',
      'cat <<E\nnpx jest\nE',
      `sleep 0 & wait; jobs; echo "\${!:+has}"`,
      'history | tail -5',
      'echo "$BASH_COMMAND $_ $LINENO"',
    ];
    const shell = lab.terminal({ bash, rc: `${rc}; ${source}` });
    const plain = lab.terminal({ bash, rc });
    await shell.type('true');
    await plain.type('true');
    for (const line of lines) {
      const [guarded, bare] = [await shell.type(line), await plain.type(line)];
      expect(guarded.replace(/\] \d+/g, '] pid')).toBe(bare.replace(/\] \d+/g, '] pid'));
    }
  });

  test('`kill %1; wait %1` gives the status of the job, also when it has ended before `wait` is reached', async () => {
    // bash 5.3 forgets it by itself, 3.2 never tells.
    if (isOlderThan(bash, 4) || bash.endsWith('5.3')) return;
    const shell = lab.terminal({ bash, rc: source });
    await shell.type('true');
    await shell.type('true');
    await shell.type('sleep 100 &');
    const ended = 'until ! kill -0 $! 2>/dev/null; do :; done';
    expect(await shell.type(`kill %1; ${ended}; wait %1; echo "s=$?"`)).toMatch(/s=143$/);
    expect(await shell.type('npx jest | tail; echo "s=$?"')).toMatch(/no tests ran(.|\n)*s=126$/);
  });
});
