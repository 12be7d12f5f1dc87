// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is zsh that expands these.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { runZsh, temporaryDirectory } from './zsh-lab';

// Each of these starts a few programs; a machine that is busy with something else takes longer.
jest.setTimeout(60_000);

/** Everyday one-liners and small scripts: with and without the guard they print the same and end alike. */
const snippets = [
  'print $? "[$_]" $# $0',
  'false; print $?',
  'true one two; print "[$_]"',
  'exit 3',
  'false',
  'kill -TERM $$',
  'no-such-command; print $?',
  'print -u2 to stderr; print to stdout',
  'true | false | (exit 3); print $pipestatus',
  'set -e; false; print not here',
  'set -e; if false; then :; fi; false || true; print here',
  'set -u; print $undefined; print not here',
  'setopt pipe_fail; false | true; print $?',
  'setopt err_return; f() { false; print not here }; f || print caught $?',
  'setopt xtrace; x=1; print $x; [[ -n $x ]] && print y',
  'set -v; print verbose',
  'setopt warn_create_global; f() { g=1 }; f',
  'setopt no_nomatch; print *.none',
  'print *.none; print not here',
  'setopt null_glob; print x *.none',
  'setopt ksh_arrays; a=(x y z); print ${a[0]} ${#a[@]}',
  'setopt sh_word_split; x="a b"; for w in $x; do print $w; done',
  'print -l *(.)',
  'print -l **/*(/N)',
  'print ${(j:,:)${(s: :)"a b c"}} ${(U):-upper} ${#:-four}',
  'x=file.tar.gz; print $x:r $x:e $x:t ${x%%.*} ${x/tar/zip}',
  'typeset -A h; h=(k1 v1 k2 v2); print $h[k2] ${(k)h[(r)v1]}',
  'integer i=3; (( i += 4 )); print $i $(( i * 2 )) $(( 7 / 2. ))',
  'for i in {1..3}; do print -n "$i "; done; print',
  'repeat 3 print -n x; print',
  'while read -r line; do print "<$line>"; done <<< $\'a\\nb c\'',
  'cat <<END\nsome text $((2 + 2))\nEND',
  "cat <<'END'\nraw $HOME\nEND",
  'case abc in a*) print starts ;; *) print no ;; esac',
  'f() { print "$0: $1"; return 5 }; f arg; print $?',
  'f() { local x=1; g }; g() { print ${x-unset} $funcstack }; f',
  '() { print anonymous $1 } arg',
  '{ print try; false } always { print always $? }; print $?',
  'trap "print exit \\$?" EXIT; false',
  '(trap "print in subshell" EXIT; true); print after',
  'x=$(trap "print in substitution" EXIT; true); print "$x"',
  'trap "print usr1" USR1; kill -USR1 $$; print done',
  'TRAPEXIT() { print trapexit }; print body',
  'TRAPZERR() { print "zerr $?" }; false; true',
  'trap "print debug" DEBUG; true; (trap "print never" EXIT; true)',
  'sleep 0.05 & print started; wait $!; print $?',
  '(exit 7) & wait $!; print $?',
  'print a | cat | tr a b',
  'print one > out; cat < out; print two >> out; wc -l < out',
  'print err 2>&1 >/dev/null | cat; print -u2 x 2>/dev/null',
  'exec 3>out; print to three >&3; exec 3>&-; cat out',
  'diff <(print a) <(print b)',
  'cat =(print from a file)',
  'coproc cat; print -p hello; read -p x; print $x',
  'eval "print evaluated $?; false"; print $?',
  'source ./lib.zsh arg; print $? $loaded',
  'autoload -Uz is-at-least; is-at-least 5.0 && print new enough',
  'alias ll="print aliased"; eval ll',
  'alias -g G="| tr a b"; eval "print aa G"',
  'which print; whence -w cat; command -v zsh >/dev/null; print $?',
  'print $SHLVL $ZSH_SUBSHELL $ZSH_EVAL_CONTEXT; (print $ZSH_SUBSHELL)',
  "zsh -fc 'print $SHLVL; exit 4'; print $?",
  'sh -c \'echo "$0 $1" >&2; exit 6\' name arg; print $?',
  "env FOO=bar sh -c 'echo $FOO'; FOO=baz sh -c 'echo $FOO'",
  'print -r -- "$(git --version | wc -w)"',
  'zparseopts -D -E v=verbose o:=out -- -v -o x; print $verbose $out',
  'setopt extended_glob; [[ foobar == (#b)(foo)(*) ]] && print $match',
  'print -P "%%: %(?.ok.bad)"; print -f "%05d\\n" 42',
  'zmodload zsh/datetime && (( EPOCHSECONDS > 0 )) && print clock',
  'cd sub && pwd -P | sed "s,.*/,," ; cd - >/dev/null; print $?',
  'git commit --dry-run -m "run npx jest | tail, then python3 -m pytest" >/dev/null 2>&1; print done',
  'print "npx jest" | grep -c jest; echo jest > out; cat out',
  "python3 -c 'import sys; print(sys.argv); sys.exit(9)' pytest; print $?",
  'print $options[interactive] $options[monitor] $options[pipefail] $options[aliases] $options[localoptions]',
  'setopt | sort | head -20',
  'print ${(k)functions} ${(k)aliases} | tr " " "\\n" | grep -v guard | sort',
];

/** Words that get stand-ins, in commands that are not reached. */
const suspicion = 'false && { python3 -m pytest; env npx jest | tail; command python3 -m pytest; } || true';

async function compare(text: string): Promise<void> {
  const home = temporaryDirectory();
  const results = [];
  for (const guard of ['plain', 'guarded'] as const) {
    // The same path for both, and the same content.
    const work = join(home, 'work');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(join(work, 'sub'), { recursive: true });
    writeFileSync(join(work, 'lib.zsh'), 'loaded="lib $# $1"\nreturn 3\n');
    const env = { HOME: home, SHLVL: '1', BASESHOP_POLICY_MODE: 'warn' };
    results.push(await runZsh(guard, ['-c', text], { cwd: work, env }));
  }
  const [plain, guarded] = results;
  expect(guarded).toEqual(plain);
}

test.concurrent.each(snippets)('zsh -c prints and ends alike: %s', compare);

test.concurrent.each(snippets.filter((text) => !/functions\}|^set -v|\$_/.test(text)))(
  'zsh -c prints and ends alike when it names test runs that it does not reach: %s',
  (text) => compare(`${suspicion}\n${text}`),
);
