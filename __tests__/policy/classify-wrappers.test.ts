import { describe, expect, test } from '@jest/globals';
import { classify } from '../../src/policy/classify.ts';
import { classifies, startsNothing } from './table.ts';
import { context } from './workspace-table.ts';

const governed = (rest: string) => `npm run test:governed -- ${rest}`;
const rawJest = 'bypass jest npx jest';

classifies('assignments and env', [
  ['CI=1 npx jest', rawJest, `CI=1 ${governed('jest')}`],
  ["A='x y' B= npx jest", rawJest, `A='x y' B= ${governed('jest')}`],
  ['A="$HOME" npx jest', rawJest, `A="$HOME" ${governed('jest')}`],
  ['env npx jest', rawJest, governed('jest')],
  ['env A=1 B=2 npx jest', rawJest, `A=1 B=2 ${governed('jest')}`],
  ['A=0 env A=1 npx jest', rawJest, `A=1 ${governed('jest')}`],
  ['env -i PATH="$PATH" npx jest', rawJest, `PATH="$PATH" ${governed('jest')}`],
  ['env - PATH=/bin npx jest', rawJest],
  ['env -u X npx jest', rawJest],
  ['env --unset=X --unset Y npx jest', rawJest],
  ['env -C packages/a npx jest', rawJest, '(cd packages/a && npm --prefix ../.. run test:governed -- jest)'],
  ["env -S 'npx jest --ci'", rawJest, governed('jest -- --ci')],
  ["env -S 'A=1 npx jest' x", rawJest, `A=1 ${governed('jest -- x')}`],
  ["env --split-string='-u X npx jest'", rawJest],
  ["env -vS 'npx jest'", rawJest],
  ['/usr/bin/env npx jest', rawJest],
  ['export A=1; npx jest', rawJest, `A=1 ${governed('jest')}`],
  ['export A=1 B=2 && npx jest', rawJest, `A=1 B=2 ${governed('jest')}`],
  ['declare -x A=1; npx jest', rawJest, `A=1 ${governed('jest')}`],
  ['A=1; export A; npx jest', rawJest, `A=1 ${governed('jest')}`],
  ['A=1; npx jest', rawJest, governed('jest')],
  ['export A=1; unset A; npx jest', rawJest, governed('jest')],
  ['(export A=1); npx jest', rawJest, governed('jest')],
  ['cross-env A=1 jest', 'bypass jest bare jest', `A=1 ${governed('jest')}`],
  [
    'cross-env NODE_OPTIONS="--a --b" jest --ci',
    'bypass jest bare jest',
    `NODE_OPTIONS='--a --b' ${governed('jest -- --ci')}`,
  ],
  [
    'cross-env-shell A=1 "jest --ci && vitest run"',
    'bypass jest bare jest',
    `A=1 ${governed('jest -- --ci')} && A=1 ${governed('vitest -- run')}`,
  ],
  ['dotenv -e .env -- jest', 'bypass jest bare jest', `dotenv -e .env -- ${governed('jest')}`],
  [
    'npx -y dotenv -e .env -- jest a',
    'bypass jest npx jest',
    `npx -y dotenv -e .env -- ${governed('jest -- a')}`,
  ],
  ['pnpm exec dotenv -- npx jest', rawJest, `pnpm exec dotenv -- ${governed('jest')}`],
  ['dotenv -- sh -c "npx jest --ci"', rawJest, `dotenv -- ${governed('jest -- --ci')}`],
  ['npm run dot', 'bypass jest package-script jest', `npx dotenv -e .env -- ${governed('jest')}`],
  [
    'npm -w d run dot',
    'bypass jest package-script jest',
    `(cd packages/d && npx dotenv -- npm --prefix ../.. run test:governed -- jest)`,
  ],
  [
    'dotenv -e .env -v A=1 jest --ci',
    'bypass jest bare jest',
    `dotenv -e .env -v A=1 ${governed('jest -- --ci')}`,
  ],
  ['dotenv -- npm test', 'bypass jest package-script jest'],
  ['dotenvx run -f .env -- npx jest', rawJest],
  ['env-cmd -f .env.test jest', 'bypass jest bare jest'],
  ['env', 'none'],
  ['env A=1', 'none'],
  ['env | grep jest', 'none'],
  ['env jest=1 ls', 'none'],
  ['cross-env A=jest node x.js', 'none'],
]);

classifies('programs that start the command behind their own arguments', [
  ['timeout 60 npx jest', rawJest, governed('jest')],
  ['timeout -k 5 60 npx jest', rawJest],
  ['timeout -k5 -s KILL 60s npx jest', rawJest],
  ['timeout --signal=KILL --kill-after 5 60 npx jest', rawJest],
  ['timeout --foreground $T npx jest', rawJest],
  ['gtimeout 60 npx jest', rawJest],
  ['nice npx jest', rawJest],
  ['nice -n 5 npx jest', rawJest],
  ['nice -n5 npx jest', rawJest],
  ['nice -19 npx jest', rawJest],
  ['nice --adjustment=5 npx jest', rawJest],
  ['ionice -c 3 npx jest', rawJest],
  ['ionice -c2 -n 7 nice -n 19 npx jest', rawJest],
  ['nohup npx jest > out.log 2>&1 &', rawJest],
  ['stdbuf -oL npx jest', rawJest],
  ['stdbuf -o L -e 0 npx jest', rawJest],
  ['setsid npx jest', rawJest],
  ['setsid -w npx jest', rawJest],
  ['chronic npx jest', rawJest],
  ['time npx jest', rawJest],
  ['time -p npx jest', rawJest],
  ['/usr/bin/time -v npx jest', rawJest],
  ['command time -f %e -o out npx jest', rawJest],
  ['! npx jest', rawJest],
  ['! time npx jest', rawJest],
  ['command npx jest', rawJest],
  ['command -p npx jest', rawJest],
  ['builtin command npx jest', rawJest],
  ['exec npx jest', rawJest],
  ['exec -a name npx jest', rawJest],
  ['exec -c -l npx jest', rawJest],
  ['noglob npx jest [a]', rawJest],
  ['nocorrect npx jest', rawJest],
  ['- npx jest', rawJest],
  ['=npx jest', rawJest],
  ['repeat 3 npx jest', rawJest],
  ['coproc npx jest', rawJest],
  ['sudo npx jest', rawJest],
  ['sudo -u x npx jest', rawJest],
  ['sudo -E -u x -- npx jest', rawJest],
  ['sudo -n A=1 npx jest', rawJest, `sudo -n A=1 ${governed('jest')}`],
  ['sudo --user=x -H bash -c "npx jest"', rawJest],
  ['doas -u x npx jest', rawJest],
  ["su x -c 'npx jest'", rawJest],
  ['runuser -u x -- npx jest', rawJest],
  ['taskset -c 0,1 npx jest', rawJest],
  ['taskset 0x3 npx jest', rawJest],
  ['chrt -i 0 npx jest', rawJest],
  ['prlimit --as=4000000000 npx jest', rawJest],
  ['systemd-run --user --scope -p MemoryMax=4G npx jest', rawJest],
  ['caffeinate -i npx jest', rawJest],
  ['unbuffer npx jest', rawJest],
  ['strace -f -o out npx jest', rawJest],
  ['xvfb-run -a npx jest', rawJest],
  ['direnv exec . npx jest', rawJest],
  ['mise exec node@20 -- npx jest', rawJest],
  ["mise x -c 'npx jest'", rawJest],
  ['asdf exec npx jest', rawJest],
  ['nvm exec 20 npx jest', rawJest],
  ['fnm exec --using=20 npx jest', rawJest],
  ['volta run --node 20 npx jest', rawJest],
  ['op run --env-file=.env -- npx jest', rawJest],
  ['doppler run --command "npx jest --ci && echo done"', rawJest, governed('jest -- --ci')],
  ['infisical run --env=dev --command="npx jest"', rawJest, governed('jest')],
  ['doppler run npx jest --command x', rawJest],
  ['with-guard npx jest', rawJest],
  ['entr npx jest', rawJest],
  ['ls *.ts | entr -c npx jest', rawJest],
  ['nyc jest', 'bypass jest bare jest', governed('jest')],
  ['nyc --reporter=lcov --all jest --ci', 'bypass jest bare jest', governed('jest -- --ci')],
  ['c8 -r text vitest run', 'bypass vitest bare vitest', governed('vitest -- run')],
  ['nice timeout 5 env A=1 nohup npx jest', rawJest, `A=1 ${governed('jest')}`],
  ['flock /tmp/l npx jest', rawJest],
  ['flock -n -w 5 /tmp/l npx jest --ci', rawJest, governed('jest -- --ci')],
  ["flock /tmp/l -c 'npx jest'", rawJest],
  ['flock -x 9', 'none'],
  ['timeout 60', 'none'],
  ['timeout --help npx jest', 'none'],
  ['command -v jest', 'none'],
  ['command -V npx', 'none'],
  ['ionice -p 4711', 'none'],
  ['sudo -l npx jest', 'none'],
  ['sudo -e jest.config.js', 'none'],
  ['sudo apt-get install pytest', 'none'],
  ['nice grep jest x', 'none'],
  ['time ls node_modules/.bin/jest', 'none'],
  ['exec > jest.log', 'none'],
]);

classifies('programs that supply arguments', [
  ['git ls-files | xargs npx jest', rawJest, `xargs ${governed('jest --')}`],
  ['A=1 timeout 5 xargs nice npx jest', rawJest, `A=1 xargs ${governed('jest --')}`],
  ['xargs -n1 -P 4 npx jest --ci', rawJest, `xargs -n1 -P 4 ${governed('jest -- --ci')}`],
  ['xargs -I{} npx jest {}', rawJest, `xargs -I{} ${governed('jest -- {}')}`],
  ['xargs -0r -n 10 npx jest', rawJest],
  ["xargs -d '\\n' -a list npx jest", rawJest],
  ["xargs -I{} sh -c 'npx jest {}'", rawJest],
  ['find . -exec npx jest {} +', rawJest, `find . -exec ${governed('jest -- {} +')}`],
  [
    "find src -name '*.test.ts' -exec npx jest {} \\;",
    rawJest,
    `find src -name '*.test.ts' -exec ${governed("jest -- {} ';'")}`,
  ],
  ["find . -execdir sh -c 'npx jest' \\;", rawJest],
  ['find . -type f -exec grep x {} + -exec npx jest {} +', rawJest],
  ['parallel npx jest ::: a b', rawJest, `parallel ${governed('jest -- ::: a b')}`],
  ["parallel -j2 npx jest {} ::: a 'b c'", rawJest, `parallel -j2 ${governed("jest -- {} ::: a 'b c'")}`],
  ['ls | parallel -X npx jest --ci', rawJest, `parallel -X ${governed('jest -- --ci')}`],
  ["parallel 'cd {} && npx jest' ::: a b", rawJest],
  ['parallel A=1 npx jest ::: a', rawJest],
  ['sem npx jest a', rawJest, governed('jest -- a')],
  ["parallel 'A=1 npx jest {= s/x/y/ =}' ::: a", rawJest],
  ["parallel ::: 'npx jest a' 'npx vitest run b'", rawJest],
  ['parallel -j 2 npx jest {} ::: a b', rawJest],
  ['cat list | xargs grep jest', 'none'],
  ["find . -name 'jest*'", 'none'],
  ['find . -name jest.config.js -exec cat {} +', 'none'],
  ['find . -exec grep jest {} \\;', 'none'],
  ['xargs < jest.txt', 'none'],
  ['parallel echo ::: jest', 'none'],
]);

classifies('programs that take shell text', [
  ["sh -c 'npx jest'", rawJest, governed('jest')],
  ['bash -c "npx jest --ci"', rawJest, governed('jest -- --ci')],
  ["bash -lc 'npx jest'", rawJest],
  ["bash -l -c 'npx jest'", rawJest],
  ["bash -euo pipefail -c 'npx jest'", rawJest],
  ["bash --norc -O extglob -c 'npx jest'", rawJest],
  ["bash -c 'cd packages/a && npm test'", 'bypass jest package-script jest'],
  ["zsh -ic 'npx jest'", rawJest],
  ["dash -c 'npx jest'", rawJest],
  ["/bin/sh -c 'npx jest'", rawJest],
  ["sh -c 'exec npx jest \"$@\"' _ a 'b c'", rawJest, governed("jest -- a 'b c'")],
  ['sh -c \'npx jest "$1"\' _ "$F"', rawJest, governed('jest -- "$F"')],
  ['bash -c \'"$@"\' _ npx jest', rawJest],
  ['sh -c "sh -c \'npx jest\'"', rawJest],
  ["bash -c 'npx jest $FILE'", rawJest, governed('jest -- $FILE')],
  ["eval 'npx jest'", rawJest],
  ['eval npx jest --ci', rawJest, governed('jest -- --ci')],
  ['eval "npx" "jest"', rawJest],
  ["eval 'A=1 npx jest'", rawJest, `A=1 ${governed('jest')}`],
  ["script -q -c 'npx jest' /dev/null", rawJest],
  ["script -qec 'npx jest' /dev/null", rawJest],
  ['script -q /dev/null npx jest', rawJest],
  ["watch -n 5 'npx jest'", rawJest],
  ['watch -n5 npx jest --ci', rawJest, governed('jest -- --ci')],
  ['watch -x npx jest', rawJest],
  ["nodemon -x 'npx jest'", rawJest],
  ["hyperfine -r 3 'npx jest' 'npx jest -i'", rawJest],
  ["tmux new-session -d -s t 'npx jest'", rawJest],
  ['tmux new-window npx jest', rawJest],
  ['screen -dmS t npx jest', rawJest],
  ['git bisect run npx jest', rawJest],
  ["git rebase -i main -x 'npx jest'", rawJest],
  ["git submodule foreach 'npx jest'", rawJest],
  ['concurrently "npx jest" "tsc -w"', rawJest],
  ['concurrently -n a,b -c red,blue --kill-others "npm:lint" "npx jest"', rawJest],
  ['concurrently "npm:test:unit"', 'bypass jest package-script jest'],
  ['concurrently -P "npm:test:unit -- {@}" -- --ci', 'bypass jest package-script jest'],
  ['concurrently -P "npm:lint" -- "npx jest"', 'none'],
  ['concurrently -k --kill-timeout 500 -- "npm:lint" "npx jest"', rawJest],
  ['concurrently "npm:test:*"', 'bypass jest package-script jest'],
  [
    'concurrently "pnpm:test:e2e -- --ci"',
    'bypass vitest package-script vitest',
    governed('vitest -- run e2e --ci'),
  ],
  ['npm-run-all lint test', 'bypass jest package-script jest'],
  ['npm-run-all --parallel test:*', 'bypass jest package-script jest'],
  ['run-s lint "test:unit -- --ci"', 'bypass jest package-script jest', governed('jest -- unit --ci')],
  ['run-p test:e2e lint', 'bypass vitest package-script vitest'],
  ["start-server-and-test 'node s.js' 3000 'npx jest'", rawJest],
  ["sh -c 'echo npx jest'", 'none'],
  ['bash -c "git commit -m \'npx jest\'"', 'none'],
  ['sh -c "$CMD"', 'none'],
  ['eval "$(cat jest.sh)"', 'none'],
  ['bash run-jest.sh', 'none'],
  ['bash ./scripts/jest.sh', 'none'],
  ['sh -c', 'none'],
  ["watch 'ls jest'", 'none'],
  ['watch -n 5', 'none'],
  ['script jest.log', 'none'],
  ['tmux kill-session -t jest', 'none'],
  ["tmux send-keys -t 0 'npx jest' Enter", 'none'],
  ['concurrently "npm:lint" "echo jest"', 'none'],
  ['run-s lint', 'none'],
  ['git bisect start', 'none'],
  ["git rebase -x 'make lint # jest'", 'none'],
]);

startsNothing('what runs elsewhere', [
  'ssh host npx jest',
  "ssh host 'cd app && npm test'",
  'docker exec app npx jest',
  'docker run --rm -it node npm test',
  'docker compose run app npx vitest',
  'kubectl exec pod -- npx jest',
  'podman run x jest',
  'make test # jest',
  'gh workflow run jest.yml',
]);

describe('assignments of a classification', () => {
  test('hold every literal one that stands before or inside the command', () => {
    const found = classify('A=1 env B=2 C="$X" cross-env D=4 jest', context());
    expect(found.assignments).toEqual({ A: '1', B: '2', D: '4' });
  });

  test('hold exported ones of the same line', () => {
    expect(classify('export BASESHOP_POLICY_MODE=off; npx jest', context()).assignments).toEqual({
      BASESHOP_POLICY_MODE: 'off',
    });
  });

  test('do not put our own switches in front of the governed command', () => {
    const line =
      'BASESHOP_POLICY_MODE=warn BASESHOP_GOVERNED_CONTEXT=1 BASESHOP_TEST_TIMEOUT=5 CI=1 npx jest';
    expect(classify(line, context()).replacement).toBe(`BASESHOP_TEST_TIMEOUT=5 CI=1 ${governed('jest')}`);
  });
});

startsNothing('a shell that only checks a syntax', [
  "sh -n -c 'npm test'",
  "bash -nc 'npx jest'",
  "zsh -n -c 'npx jest'",
  "bash -o noexec -c 'npx jest'",
  "bash -eno pipefail -c 'npx jest'",
  'bash -n <<E\nnpx jest\nE',
  'bash -n ./node_modules/.bin/jest',
]);

classifies('what looks like one and runs', [
  ["bash -in -c 'npx jest'", rawJest],
  ["bash --norc -c 'npx jest'", rawJest],
  ["bash -o pipefail -c 'npx jest'", rawJest],
  ["bash -c 'npx jest' -n", rawJest],
]);

startsNothing('a Python that only says its version or its options', [
  'python3 --version -m pytest',
  'python -V -m pytest',
  'python3 -h -m pytest',
]);

describe('a function that bash hands on to the shells that it starts', () => {
  const handedOn = { ...context(), exportedFunctions: new Set(['npx', 'jest']) };

  test.each(["bash -c 'npx jest a'", "bash -c 'jest b'", "echo 'npx jest' | bash"])('%s calls it', (line) => {
    expect(classify(line, handedOn).verdict).toBe('none');
  });

  test.each([
    "bash -c './node_modules/.bin/jest'",
    "bash -c 'command npx jest'",
    "bash -c 'npm test'",
    'npx jest',
  ])('%s does not', (line) => {
    expect(classify(line, handedOn).verdict).toBe('bypass');
  });
});
