import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { BashLab, bashes, type Guarding, isOlderThan, type LabResult } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab({
  'lines.txt': 'a\nb\n',
  'piped.txt': 'npx jest | tail\necho "s=$?"\n',
  'package.json': JSON.stringify({
    name: 'tiny',
    private: true,
    scripts: { test: 'jest', build: 'node -p 1' },
  }),
});

/** Blocked once, by the text, before anything ran. */
function expectBlockedOnce(result: LabResult, layer = 'text'): void {
  expect(result.suites).toBe(0);
  expect(result.messages).toEqual([expect.stringContaining('no tests ran')]);
  expect(result.events).toEqual([expect.objectContaining({ outcome: 'blocked', layer })]);
}

type Form = readonly [script: string, stdout: string, status: number];

/** Every form in which a simple command can stand: the script, what it prints, and how the shell ends. */
const forms: readonly Form[] = [
  ['npx jest', '', 126],
  ['npx jest; echo "s=$?"', 's=126\n', 0],
  ['npx jest && echo next', '', 126],
  ['npx jest || echo else', 'else\n', 0],
  ['npx jest || true', '', 0],
  ['! npx jest', '', 0],
  ['if npx jest; then echo then; else echo else; fi', 'else\n', 0],
  ['while npx jest; do echo body; break; done; echo end', 'end\n', 0],
  ['until npx jest || true; do echo body; done; echo end', 'end\n', 0],
  ['case x in x) npx jest ;; esac', '', 126],
  ['{ npx jest; }', '', 126],
  ['(npx jest)', '', 126],
  ['(cd / && cd "$OLDPWD" && npx jest)', '', 126],
  ['x=$(npx jest); echo "s=$? x=$x"', 's=126 x=\n', 0],
  ['x=`npx jest`; echo "s=$?"', 's=126\n', 0],
  ['echo "out: $(npx jest)"', 'out: \n', 0],
  ['cat <(npx jest)', '', 0],
  ['npx jest | tail', '', 126],
  ['npx jest 2>&1 | tail -5', '', 126],
  ['npx jest 2>&1 | sed s/x/y/ | tail -5; echo "s=$?"', 's=126\n', 0],
  ['cat lines.txt | npx jest | cat; echo "s=$?"', 's=126\n', 0],
  ['cat lines.txt | npx jest', '', 126],
  ['npx jest | while read -r l; do echo "$l"; done', '', 126],
  ['npx jest | tail && echo next', '', 126],
  ['if npx jest | tail; then echo then; else echo else; fi', 'else\n', 0],
  ['npx jest >out.txt; echo "s=$?"', 's=126\n', 0],
  ['npx jest <<<word', '', 126],
  ['f() { npx jest; }; f', '', 126],
  ['g() { f | tail; }; f() { npx jest; }; g || echo "s=$?"', 's=126\n', 0],
  ['npx jest & wait $!', '', 126],
  ['eval "npx jest"', '', 126],
  ['eval "npx jest 2>&1 | tail -5"', '', 126],
  ['command npx jest', '', 126],
  ['exec npx jest; echo not', '', 126],
  ['exec npx jest | tail', '', 126],
  ['env A=1 npx jest', '', 126],
  ['timeout 50 npx jest', '', 126],
  ['nohup npx jest', '', 126],
  ['nice -n 1 npx jest', '', 126],
  ['xargs npx jest <lines.txt', '', 126],
  ['find . -maxdepth 0 -exec npx jest {} +', '', 126],
  ['bash -c "npx jest"', '', 126],
  ['bash -c "npx jest" | tail', '', 126],
  ['sh -c "npx jest | tail -5"', '', 126],
  ['time npx jest', '', 126],
  ['A=1 B="x y" npx jest', '', 126],
  ['A=$(echo 1) npx jest "a b"', '', 126],
  ['\\npx jest', '', 126],
  ['"npx" jest', '', 126],
  ['n=npx; $n jest', '', 126],
  ['./node_modules/.bin/jest', '', 126],
  ['"$PWD"/node_modules/.bin/jest', '', 126],
  ['node node_modules/jest/bin/jest.js', '', 126],
  ['node node_modules/jest/bin/jest.js | tail', '', 126],
  ['npm test', '', 126],
  ['npm test 2>&1 | tail -3', '', 126],
  ['python3 -m pytest', '', 126],
  ['p="python3 -W error"; $p -m pytest | tail', '', 126],
  ['pytest -q', '', 126],
  ['for i in 1; do npx jest; done', '', 126],
  ['set -e; npx jest; echo not', '', 126],
  ['set -eu -o pipefail; npx jest | tail; echo not', '', 126],
  ['set -u; npx jest', '', 126],
  ['set -o posix; npx jest; echo "s=$?"', 's=126\n', 0],
  ['trap "echo bye" EXIT; npx jest', 'bye\n', 126],
  ['trap "echo bye" EXIT; set -e; npx jest; echo not', 'bye\n', 126],
  ['trap "echo err" ERR; npx jest', 'err\n', 126],
  ['npx jest "$(echo a; echo b)" | tail', '', 126],
];

/** What the text does not show plainly is met by a layer below; all the rest is the same. */
const seenByShim = new Set<string>(['"$PWD"/node_modules/.bin/jest']);

describe.each(bashes)('%s', (_name, bash) => {
  async function expectForm(form: Form, guarding: Guarding): Promise<void> {
    const [script, stdout, status] = form;
    const result = await lab.run(script, { bash, guarding });
    expectBlockedOnce(result, seenByShim.has(script) ? 'shim' : 'text');
    expect({ stdout: result.stdout, status: result.status }).toEqual({ stdout, status });
  }

  test.each(forms)('blocks once, and fails with 126: %s', async (...form) => {
    await expectForm(form, 'with-guard');
  });

  test.each(forms.filter((_, index) => index % 5 === 0))(
    'blocks once in a shell that sources the hook: %s',
    async (...form) => {
      await expectForm(form, 'sourced');
    },
  );

  test('blocks each of several commands, with a message and an event for each', async () => {
    const result = await lab.run('for i in 1 2; do npx jest; echo "s=$?"; done; npx jest a; npx jest a', {
      bash,
    });
    expect(result.stdout).toBe('s=126\ns=126\n');
    expect(result.messages).toHaveLength(4);
    expect(result.events).toHaveLength(4);
  });

  test('lets nothing of a blocked pipeline last: pipefail, functions, functrace and the status list', async () => {
    const script = [
      'before=$-; npx jest 2>&1 | tail',
      `echo "s=$? p=\${PIPESTATUS[*]}"`,
      'false | true; echo "s=$?"',
      'npx jest | { cat; }; { echo a; } | cat; false | true; echo "s=$?"',
      'declare -F npx; [ "$before" = "$-" ] && echo same; npx --version >/dev/null && echo works',
    ].join('\n');
    const result = await lab.run(script, { bash });
    const statuses = isOlderThan(bash, 4) ? '0' : '126 0';
    expect(result.stdout).toBe(`s=126 p=${statuses}\ns=0\na\ns=0\nsame\nworks\n`);
  });

  test('blocks in a script file, in functions and subshells of it, and in a text from stdin', async () => {
    const file = join(lab.workspace.path, 'check.sh');
    writeFileSync(file, '#!/usr/bin/env bash\nset -e\ncheck() {\n  (npx jest | tail)\n}\ncheck\necho not\n');
    const script = await lab.run('', { bash, file });
    expectBlockedOnce(script);
    expect(script).toMatchObject({ status: 126, stdout: '' });

    const pipe = await lab.run('cat piped.txt | bash /dev/stdin', { bash });
    expectBlockedOnce(pipe);
    expect(pipe.stdout).toBe('s=126\n');
    const piped = await lab.run('', {
      bash,
      file: '-s',
      stdin: 'npx jest | tail\necho "s=$?"\nx=1\npython3 -m pytest\necho "$x $?"\n',
    });
    expect(piped.stdout).toBe('s=126\n1 126\n');
    expect(piped.messages).toHaveLength(2);
  });

  test('blocks in the argument of a text that evaluates it, as some agents start their shells', async () => {
    const script = `bash -O extglob -c 'builtin eval "$1" </dev/null' -- 'npx jest 2>&1 | tail -5'`;
    expectBlockedOnce(await lab.run(script, { bash }));
  });

  test.each([
    '(cd . && npx jest one) 2>&1 | tail -3 && echo pushed',
    '{ npx jest one; } 2>/dev/null | tail -1 && echo pushed',
    'for name in one; do npx jest $name; done | tail -1 && echo pushed',
    'if true; then npx jest one; fi |& cat && echo pushed',
    'check() { npx jest "$@"; }; check one | tail -1 && echo pushed',
    `eval '(cd . && npx jest one) 2>&1 | tail -1' </dev/null && echo pushed`,
    'bash -c \'eval "$1"\' -- "(cd . && npx jest one) | tail -1" && echo pushed',
  ])('fails the pipeline with what is blocked in a compound command before the pipe: %s', async (script) => {
    // Older ones know no |&.
    const result = await lab.run(script.replace('|&', isOlderThan(bash, 4) ? '2>&1 |' : '|&'), { bash });
    expect(result).toMatchObject({ status: 126, suites: 0 });
    expect(result.stdout).not.toContain('pushed');
  });

  test.each([
    ['runs no tests', '(echo npx jest) | cat; false | true; echo "s=$?"', 'enforce', {}],
    ['has another pipeline', 'false | true; echo "s=$?"; (npx jest) 2>&1 | cat >/dev/null', 'enforce', {}],
    ['is only warned', '(npx jest; false) 2>/dev/null | tail -0; echo "s=$?"', 'warn', {}],
    [
      'is let through',
      '(npx jest; false) 2>/dev/null | tail -0; echo "s=$?"',
      'enforce',
      { BASESHOP_ALLOW_OVERLOAD: '1' },
    ],
  ] as const)('leaves the statuses of pipelines in a text that %s', async (_what, script, mode, env) => {
    const result = await lab.run(script, { bash, mode, env });
    expect(result.stdout).toMatch(/(^|\n)s=0\n$/);
  });

  test('does not touch what only mentions a runner', async () => {
    const script = [
      'echo "npx jest"; grep -c jest package.json; printf "%s\\n" "run npx jest"',
      'cat <<E',
      'npx jest',
      'E',
      'true -m "npx jest | tail"; [ "npx jest" ] && [[ jest == j* ]] && x="npx jest"',
      'npm run build --silent',
    ].join('\n');
    const result = await lab.run(script, { bash });
    expect(result).toMatchObject({ status: 0, stderr: '', events: [] });
    expect(result.stdout).toBe('npx jest\n1\nrun npx jest\nnpx jest\n1\n');
  });
});
