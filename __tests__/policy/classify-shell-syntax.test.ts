// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the shell's.
import { describe, expect, test } from '@jest/globals';
import { classify } from '../../src/policy/classify.ts';
import { classifies, startsNothing } from './table.ts';
import { context } from './workspace-table.ts';

const governed = (rest: string) => `npm run test:governed -- ${rest}`;
const rawJest = 'bypass jest npx jest';

classifies('lists, pipelines, groups', [
  ['npx jest && echo next', rawJest],
  ['cd . ; npx jest', rawJest],
  ['true || npx jest', rawJest],
  ['npx jest | tail -5', rawJest],
  ['npx jest 2>&1 | tee out.log', rawJest],
  ['npx jest |& grep FAIL', rawJest],
  ['git pull && npm ci && npx jest --ci && git push', rawJest, governed('jest -- --ci')],
  ['npx jest &', rawJest],
  ['npx jest & wait', rawJest],
  ['(npx jest)', rawJest],
  ['((npx jest))', 'none'],
  ['( ( npx jest ) )', rawJest],
  ['{ npx jest; }', rawJest],
  ['{ npx jest; } > log 2>&1', rawJest],
  ['npx jest > out 2> err < /dev/null', rawJest, `${governed('jest')} > out 2> err < /dev/null`],
  ['> out npx jest', rawJest],
  ['npx jest --ci >out a', rawJest, `${governed('jest -- --ci a')} >out`],
  ['npx jest <<EOF\nx\nEOF', rawJest, governed('jest')],
  ['cd web && npx jest 2>&1 | tee log', rawJest, `cd web && ${governed('jest')} 2>&1`],
  ['npx \\\n  jest \\\n  --ci', rawJest, governed('jest -- --ci')],
  ['npx jest # the tests', rawJest, governed('jest')],
  ['# first\nnpx jest', rawJest],
  ['echo a\nnpx jest\necho b', rawJest],
  ['npx jest;', rawJest],
  ['  npx   jest  ', rawJest],
  ['npx\tjest', rawJest],
]);

classifies('compound commands', [
  ['if npx jest; then echo ok; fi', rawJest],
  ['if true; then npx jest; fi', rawJest],
  ['if true; then :; elif npx jest; then :; else :; fi', rawJest],
  ['if true; then :; else npx jest; fi', rawJest],
  ['for i in 1 2 3; do npx jest; done', rawJest],
  ['for f in src/*.test.ts; do npx jest "$f" || exit 1; done', rawJest, governed('jest -- "$f"')],
  ['for ((i=0; i<3; i++)); do npx jest; done', rawJest],
  ['while ! npx jest; do sleep 1; done', rawJest],
  ['until npx jest; do :; done', rawJest],
  ['while read -r f; do npx jest "$f"; done < list', rawJest],
  ['case $x in a) npx jest ;; *) echo ;; esac', rawJest],
  ['select x in a b; do npx jest; done', rawJest],
  ['[[ -f a ]] && npx jest', rawJest],
  ['[ -f a ] && npx jest', rawJest],
  ['test -f a && npx jest', rawJest],
  ['(( 1 )) && npx jest', rawJest],
  ['time { npx jest; }', rawJest],
  ['coproc t { npx jest; }', rawJest],
]);

classifies('substitutions', [
  ['echo $(npx jest)', rawJest],
  ['echo "$(npx jest --ci)"', rawJest],
  ['out=$(npx jest 2>&1)', rawJest],
  ['out=`npx jest`', rawJest],
  ['echo `npx jest \\`id\\``', rawJest],
  ['echo "a ${x:-$(npx jest)} b"', rawJest],
  ['echo $(( $(npx jest) + 1 ))', rawJest],
  ['cat <(npx jest)', rawJest],
  ['npx eslint > >(npx jest)', rawJest],
  ['diff <(npx jest --listTests) <(ls)', 'harmless jest npx'],
  ['[[ $(npx jest) == x ]]', rawJest],
  ['for x in $(npx jest); do :; done', rawJest],
  ['case $(npx jest) in x) ;; esac', rawJest],
  ['a=($(npx jest))', rawJest],
  ['A=$(npx jest) true', rawJest],
  ['export A=$(npx jest)', rawJest],
  ['echo x > "$(npx jest)"', rawJest],
  ['cat <<EOF\n$(npx jest)\nEOF', rawJest],
  ['cat <<EOF\n`npx jest`\nEOF', rawJest],
  ['echo $(echo $(echo $(npx jest)))', rawJest],
  ['npx jest $(git diff --name-only)', rawJest, governed('jest -- $(git diff --name-only)')],
  ["echo '$(npx jest)'", 'none'],
  ['echo "\\$(npx jest)"', 'none'],
  ["cat <<'EOF'\n$(npx jest)\nEOF", 'none'],
]);

classifies('text that is fed to a shell', [
  ['bash <<EOF\nnpx jest\nEOF', rawJest],
  ["bash <<'EOF'\nset -e\nnpx jest --ci\nEOF", rawJest, governed('jest -- --ci')],
  ['sh -s -- a <<-EOF\n\tnpx jest\n\tEOF', rawJest],
  ['cat <<EOF | sh\nnpx jest\nEOF', rawJest],
  ["echo 'npx jest' | bash", rawJest],
  ['echo "npx jest" | sh -x', rawJest],
  ["echo -e 'cd .\\nnpx jest' | sh", rawJest],
  ["printf 'npx jest\\n' | sh", rawJest],
  ["printf '%s\\n' 'cd .' 'npx jest' | sh", rawJest],
  ["printf 'npx %s' jest | sh", rawJest],
  ["echo 'npx jest' | cat | sh", rawJest],
  ["echo 'npx jest' | tee x.sh | sh", rawJest],
  ["echo 'npx jest' | sudo bash", rawJest],
  ["bash <<< 'npx jest'", rawJest],
  ['sudo -u x bash <<EOF\nnpx jest\nEOF', rawJest],
  ["echo 'npx jest' | bash -c 'cat'", 'none'],
  ["echo 'npx jest' | cat", 'none'],
  ["echo 'npx jest' | grep jest", 'none'],
  ["echo 'npx jest' | ssh host bash", 'none'],
  ['ssh host bash <<EOF\nnpx jest\nEOF', 'none'],
  ['docker exec -i app sh <<EOF\nnpx jest\nEOF', 'none'],
  ['cat <<EOF\nnpx jest\nEOF', 'none'],
  ['cat > run.sh <<EOF\nnpx jest\nEOF', 'none'],
  ['python3 - <<EOF\nimport pytest\nEOF', 'none'],
  ['bash script.sh <<EOF\nnpx jest\nEOF', 'none'],
  ["bash -c 'read x' <<< 'npx jest'", 'none'],
  ['node <<< "npx jest"', 'none'],
]);

classifies('functions and variables of the same line', [
  ['f() { npx jest; }; f', rawJest],
  ['function f { npx jest "$@"; }; f a "b c"', rawJest, governed("jest -- a 'b c'")],
  ['f() { npx "$@"; }; f jest --ci', rawJest, governed('jest -- --ci')],
  ['f() { npx "$1"; }; f jest', rawJest],
  ['g() { f; }; f() { npx jest; }; g', rawJest],
  ['f() ( npx jest ); f', rawJest],
  ['f() { f; npx jest; }; f', rawJest],
  ['npx() { command npx "$@"; }; npx jest', rawJest],
  ['f() { npx jest; }; if true; then f; fi', rawJest],
  ['f() { npx jest; }', 'none'],
  ['f() { npx jest; }; unset -f f; g', 'none'],
  ['jest() { echo "$@"; }; jest', 'none'],
  ['npx() { echo no; }; npx jest', 'none'],
  ["alias t='npx jest'", 'none'],
  ["alias t='npx jest'; t", 'none'],
  ["trap 'npx jest' EXIT", 'none'],
  ['j=jest; npx $j', rawJest],
  ['j=jest; npx "$j" --ci', rawJest, governed('jest -- --ci')],
  ['j=jest; npx ${j}', rawJest],
  ["cmd='npx jest --ci'; $cmd", rawJest, governed('jest -- --ci')],
  ['cmd=\'npx jest --ci\'; eval "$cmd"', rawJest, governed('jest -- --ci')],
  ['cmd=\'npx jest\'; sh -c "$cmd"', rawJest],
  [
    'd=packages/a; cd $d && npm test',
    'bypass jest package-script jest',
    'cd packages/a && npm --prefix ../.. run test:governed -- jest',
  ],
  ['export j=jest; npx $j', rawJest],
  ['set -- npx jest; "$@"', rawJest],
  ['BIN=node_modules/.bin; $BIN/jest', 'bypass jest bin-path jest'],
  ['j=jest; if x; then j=eslint; fi; npx $j', 'none'],
  ['for j in jest vitest; do npx $j; done', 'none'],
  ['j=$(cat x); npx $j', 'none'],
  ['npx $j # jest', 'none'],
  ['(j=jest); npx $j', 'none'],
  ['j=jest npx $j', 'none'],
  ['j=jest; read j; npx $j', 'none'],
  ['"$CMD" jest', 'none'],
  ['${RUNNER:-npx} jest', 'none'],
]);

classifies('the directory that a line goes to', [
  [
    'cd packages/a && npm test',
    'bypass jest package-script jest',
    'cd packages/a && npm --prefix ../.. run test:governed -- jest',
  ],
  [
    'cd packages/b && npm test',
    'bypass vitest package-script vitest',
    'cd packages/b && npm run test:governed -- vitest -- run',
  ],
  ['cd packages/a; cd ../b; npm test', 'bypass vitest package-script vitest'],
  ['cd /r/packages/a && npm test', 'bypass jest package-script jest'],
  ['pushd packages/a > /dev/null && npm test', 'bypass jest package-script jest'],
  ['(cd packages/b && npm test)', 'bypass vitest package-script vitest'],
  ['(cd packages/c); npm test', 'bypass jest package-script jest', governed('jest -- --coverage')],
  ['cd packages/b || exit 1; npm test', 'bypass vitest package-script vitest'],
  ['cd packages/b || npm test', 'bypass jest package-script jest'],
  ['builtin cd packages/b && npm test', 'bypass vitest package-script vitest'],
  ['cd packages/c && npm test', 'none'],
  ['cd "$DIR" && npm test', 'none'],
  ['cd - && npm test', 'none'],
  ['cd && npm test', 'none'],
  ['if x; then cd packages/b; fi; npm test', 'none'],
  ['cd "$DIR" && npx jest', rawJest, governed('jest')],
  ['cd ~/app && ./node_modules/.bin/jest', 'bypass jest bin-path jest'],
]);

startsNothing('what cannot be parsed', [
  'npx jest "',
  "npx jest '",
  'npx jest $(',
  'npx jest `',
  'if npx jest; then',
  'npx jest; )',
  'for x in; npx jest',
  'echo $(npx jest; "',
  'npx jest && echo "$(oops"',
]);

describe('a line that cannot be parsed', () => {
  test('says that there is no opinion', () => {
    expect(classify('npx jest "', context()).reason).toBe('cannot be parsed, no opinion');
  });
});

describe('what the shell layers need beyond the verdict', () => {
  const facts = (line: string) => {
    const { commandWord, subject, piped, bypassWords, argv } = classify(line, context());
    return { commandWord, subject, piped, bypassWords, argv };
  };

  test('the simple command is named as it was written, with its word', () => {
    expect(facts('cd . && A=1 timeout 5 npx jest "a b" > x; ls')).toEqual({
      commandWord: 'timeout',
      subject: 'A=1 timeout 5 npx jest "a b" > x',
      piped: false,
      bypassWords: ['timeout'],
      argv: ['jest', 'a b'],
    });
  });

  test.each([
    ['npx jest', 'npx'],
    ['./node_modules/.bin/jest', './node_modules/.bin/jest'],
    ['"/my app/node_modules/.bin/jest"', '/my app/node_modules/.bin/jest'],
    ["eval 'npx jest'", 'eval'],
    ["sh -c 'npx jest'", 'sh'],
    ['x=$(npx jest)', 'npx'],
    ['f() { npx jest; }; f', 'npx'],
    ['time npx jest', 'npx'],
    ['echo "npx jest" | bash', 'bash'],
    ['j=npx; $j jest', 'npx'],
    ['"$ROOT"/node_modules/.bin/jest', null],
  ])('the word of %s is %s', (line, word) => {
    expect(facts(line).commandWord).toBe(word);
  });

  test.each([
    ['npx jest | tail', true],
    ['npx jest |& tail', true],
    ['(npx jest) | tail', true],
    ['{ echo; npx jest; } | tail', true],
    ['if x; then npx jest; fi | tail', true],
    ['sh -c "npx jest" | tail', true],
    ['cat x | npx jest', false],
    ['cat x | npx jest | tail', true],
    ['npx jest && ls | tail', false],
    ['echo $(npx jest) | tail', false],
    ['npx jest', false],
  ])('piped, not last: %s → %s', (line, piped) => {
    expect(facts(line).piped).toBe(piped);
  });

  test('the words of every raw run are listed once each, in order', () => {
    expect(facts('npx jest; pytest; npx vitest; npm test; npx test-governor run jest').bypassWords).toEqual([
      'npx',
      'pytest',
      'npm',
    ]);
  });
});
