import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { BashLab, bashes, isOlderThan, temporaryDirectory } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();

/** Names a runner, so that the trap is there, and starts none. */
const suspect = ': jest; ';

/** What a script can see of the shell around it. Each must print the same with the trap as without. */
const looks: readonly string[] = [
  // $_ at the very first line, and after commands that the trap looks at more closely.
  'echo "$_"',
  `${suspect}true a latest; echo "$_"; echo best "$_"; echo "$_ $_"`,
  `${suspect}false; echo "s=$? latest"; (exit 9); echo "$?"; ! true; echo "$? test"`,
  `${suspect}true | false | (exit 3); echo "test \${PIPESTATUS[*]}"`,
  `${suspect}[[ abc =~ b(.) ]]; echo "test \${BASH_REMATCH[1]}"; OPTIND=1; getopts a test -a; echo "$OPTIND"`,
  `${suspect}set -- 1 2; f() { echo "$# $* \${FUNCNAME[*]} \${BASH_LINENO[*]} latest"; }; f x\necho "$LINENO $# test"`,
  `${suspect}IFS=_; x=a_b; set -- $x; echo "test $#"; IFS=jest; echo "latest" $x`,
  `${suspect}set -f; echo "* latest" *; set +f; shopt -s nullglob failglob nocasematch; echo "test $(shopt | grep -c on)"`,
  `${suspect}set -o noclobber; echo test > /dev/null; set -C; echo latest`,
  `${suspect}set -e; f() { false; echo "not latest"; }; f || echo "test $?"; if false; then :; fi; (false; echo test) || echo b`,
  `${suspect}set -u; echo "\${unset-latest}"; x=; echo "test $x"`,
  `${suspect}set -eEu -o pipefail; trap 'echo "err $?"' ERR; trap 'echo "exit $?"' EXIT; echo latest; false | true test`,
  `${suspect}trap 'echo usr test' USR1; kill -USR1 $$; trap -p USR1; trap - USR1; echo latest`,
  `${suspect}cat <<E\nlatest $((1 + 1))\nE\nread -r line <<<"test word"; echo "$line $REPLY"`,
  `${suspect}x=$(echo latest); (echo "test $BASH_SUBSHELL"); { echo test; } | cat; echo <(:) | grep -c test`,
  `${suspect}a=(jest vitest); for w in "\${a[@]}"; do echo "$w"; done; select w in test; do echo "$w"; break; done <<<1`,
  `${suspect}sleep 0 & wait $!; echo "test $?"; jobs; wait; echo latest`,
  `${suspect}echo "test $BASH_COMMAND"; eval 'echo "latest $BASH_COMMAND"'`,
  `${suspect}exec 3>&1; echo latest >&3; exec 9</dev/null 19</dev/null; cat <&9; cat <&19; echo "test $(ls /dev/fd | wc -l)"`,
  `${suspect}set -o posix; echo latest; export A=test; unset A; echo "test \${A-}"`,
  `${suspect}f() { local x=test; g; }; g() { echo "latest $x"; return 4; }; f; echo "$?"`,
  `${suspect}coproc cat; echo latest >&"\${COPROC[1]}"; read -r -u "\${COPROC[0]}" l; echo "$l"`,
];

/** For bash from 4 on: before, there is no coproc, and the statuses of a pipeline do not outlive any trap. */
const newer = /coproc|PIPESTATUS/;

describe.each(bashes)('%s', (_name, bash) => {
  const mine = looks.filter((script) => !(isOlderThan(bash, 4) && newer.test(script)));

  test.each(mine)('sees nothing of the trap: %s', async (script) => {
    const plain = await lab.run(script, { bash, guarding: 'plain' });
    const result = await lab.run(script, { bash });
    expect(comparable(result)).toEqual(comparable(plain));
    expect(result.events).toEqual([]);
  });

  test.each([
    'set -x; echo a; : jest; (echo b); f() { echo c; }; f; set +x; echo latest',
    'f() { : jest; }; f; echo "latest $_"',
  ])('keeps out of the trace: %s', async (script) => {
    for (const args of [[], ['-x']]) {
      const plain = await lab.run(script, { bash, args, guarding: 'plain' });
      const result = await lab.run(script, { bash, args });
      expect(result.stderr).toBe(plain.stderr);
      expect(result.stdout).toBe(plain.stdout);
    }
  });

  test('takes no word for an assignment where the user has every such word as one (-k)', async () => {
    const script = `${suspect}f() { echo "$# latest $A"; }; f A=1 b; npx jest A=2 | tail -1; echo "s=$?"`;
    const plain = await lab.run(suspect, { bash, args: ['-k'], guarding: 'plain' });
    expect(await lab.run(suspect, { bash, args: ['-k'] })).toMatchObject({
      stdout: plain.stdout,
      stderr: plain.stderr,
      status: plain.status,
    });
    for (const guarding of ['with-guard', 'sourced'] as const) {
      const result = await lab.run(script, { bash, guarding, args: ['-k'] });
      expect(result.stdout).toBe('1 latest 1\ns=126\n');
      expect(result.messages).toHaveLength(1);
      expect(result.stderr).not.toMatch(/syntax|debug trap/);
    }
  });

  test('keeps out of a trace in a file of its own, and blocks all the same', async () => {
    const file = join(temporaryDirectory(), 'trace');
    const script = `exec 7>'${file}'; BASH_XTRACEFD=7; set -x; echo latest; npx jest; set +x; cat '${file}'`;
    const result = await lab.run(script, { bash });
    if (isOlderThan(bash, 4)) return;
    expect(result.stdout).toBe('latest\n+ echo latest\n+ npx jest\n+ set +x\n');
    expect(result.events).toHaveLength(1);
  });

  test('in a trace the blocked command is there, and nothing of the guard', async () => {
    const result = await lab.run('set -x; npx jest | cat; echo "s=$?"', { bash });
    const trace = result.stderr.split('\n').filter((line) => line.startsWith('+'));
    expect(trace.sort()).toEqual(['+ cat', '+ echo s=126', '+ npx jest']);
    expect(result.messages).toHaveLength(1);
  });

  test('a shell that starts no test has nothing of the hook in it at all', async () => {
    const script = 'declare -p; declare -F; trap; shopt; set -o; alias; echo "$-"';
    // Any BASH_ENV shows in BASH_ARGC and PIPESTATUS.
    const nothing = join(temporaryDirectory(), 'empty');
    writeFileSync(nothing, ':\n');
    const plain = await lab.run(script, { bash, guarding: 'plain', env: { BASH_ENV: nothing } });
    const result = await lab.run(script, { bash });
    const names = (text: string): string[] =>
      text
        .split('\n')
        .filter(
          (line) =>
            !/(?:^| )(_|PATH|BASHPID|PPID|SRANDOM|RANDOM|EPOCH\w+|SECONDS|NODE_OPTIONS|PYTHONPATH|HOME|BASESHOP_STATE_DIR|BASH_ENV|ZDOTDIR|BASH_EXECUTION_STRING|PROMPT_COMMAND|BASESHOP_GUARD_\w+)=/.test(
              line,
            ),
        );
    expect(names(result.stdout)).toEqual(names(plain.stdout));
    expect(names(result.stdout).join('\n')).not.toContain('baseshop_guard');
  });

  test('a script file too sees its first $_, its arguments, and its own text', async () => {
    const file = join(temporaryDirectory(), 'my script');
    writeFileSync(file, 'echo "$_ $# $0"\n: jest\ntail -n 1 "$0"\nfalse latest\necho "s=$?"\n');
    const plain = await lab.run('', { bash, file, guarding: 'plain' });
    expect(comparable(await lab.run('', { bash, file }))).toEqual(comparable(plain));
  });

  test('with everything exported (`set -a`), children get none of its variables and functions', async () => {
    const script =
      'set -a; source "$HOOK"; : jest; x=1; npx --version >/dev/null; env | grep -c baseshop_guard_see';
    const result = await lab.run(script, { bash, guarding: 'plain' });
    expect(result.stdout).toBe('0\n');
  });

  test('works in a strict script, whatever IFS and globbing are', async () => {
    const script = [
      'set -eEuf -o pipefail; IFS=_; shopt -s nullglob failglob nocasematch extglob',
      'source "$HOOK"',
      'npx jest "a b" | tail || echo "s=$?"',
      'echo "$IFS$-" | tr -d hBTc',
      'guard_off; echo off',
    ].join('\n');
    const result = await lab.run(script, { bash, guarding: 'plain' });
    expect(result.stdout).toBe(
      's=126\n_eEfu\noff\n'.replace('eEfu', result.stdout.includes('_efuE') ? 'efuE' : 'eEfu'),
    );
    expect(result.messages).toHaveLength(1);
    expect(result.status).toBe(0);
  });
});

function comparable(result: { status: number | null; stdout: string; stderr: string }): unknown {
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}
