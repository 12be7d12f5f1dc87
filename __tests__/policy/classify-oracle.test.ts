import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPackageReader } from '../../src/packages.ts';
import { classify } from '../../src/policy/classify.ts';

/** A program under a runner's or launcher's name that only writes down how it was called. */
const recorder = `#!/bin/sh
{ printf '%s' "\${0##*/}"; for word in "$@"; do printf '\\037%s' "$word"; done; printf '\\n'; } >>"$ORACLE_LOG"
`;

let directory = '';

function write(path: string, text: string, mode = 0o644): void {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

let runs = 0;

/** Runs a line for real and gives what was recorded: each call's words, the program's name first. */
async function record(
  shell: string,
  line: string,
  where: string,
  path: readonly string[],
): Promise<readonly (readonly string[])[]> {
  runs += 1;
  const log = join(directory, `calls-${runs}.log`);
  const child = spawn(shell, ['-c', line], {
    cwd: where,
    env: {
      PATH: path.join(delimiter),
      HOME: join(directory, 'home'),
      ORACLE_LOG: log,
      CI: '1',
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    },
    stdio: 'ignore',
  });
  await new Promise((done) => child.once('close', done));
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((call) => call !== '')
    .map((call) => call.split('\u001f'));
}

function judge(line: string, where: string) {
  return classify(line, {
    cwd: where,
    packages: createPackageReader(),
    repository: { packageManager: 'npm', governedScriptAt: null },
    envPrefix: 'BASESHOP',
  });
}

beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'oracle-')));
  mkdirSync(join(directory, 'home'));
  for (const name of ['npx', 'vitest', 'pytest']) write(`stubs/${name}`, recorder, 0o755);
  mkdirSync(join(directory, 'empty'));
  const scripts = {
    test: 'jest --coverage',
    pretest: 'true',
    unit: 'jest unit',
    ci: 'npm test -- --ci',
    quoted: `jest -t "a b" 'c d'`,
    positional: 'sh -c \'jest "$@"\' --',
    last: 'true && jest last',
    silent: 'echo jest',
    'u:a': 'jest ua',
    'u:b': 'true',
  };
  const workspace = { name: 'root', version: '1.0.0', private: true, workspaces: ['packages/*'], scripts };
  write('ws/package.json', JSON.stringify(workspace));
  write('ws/pnpm-workspace.yaml', 'packages:\n  - packages/*\n');
  write(
    'ws/packages/a/package.json',
    JSON.stringify({ name: '@x/a', version: '1.0.0', scripts: { test: 'jest in-a' } }),
  );
  write(
    'ws/packages/c/package.json',
    JSON.stringify({ name: 'c', version: '1.0.0', scripts: { build: 'true' } }),
  );
  write('ws/node_modules/.bin/jest', recorder, 0o755);
  mkdirSync(join(directory, 'ws/packages/a/node_modules/.bin'), { recursive: true });
  symlinkSync('../../../../node_modules/.bin/jest', join(directory, 'ws/packages/a/node_modules/.bin/jest'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Lines that start npx, vitest or pytest in every shell, wherever they are tried. */
const started: readonly string[] = [
  'npx jest',
  '\\npx "jest"',
  'CI=1 npx jest',
  'npx jest && echo next',
  'false || npx jest',
  'true; npx jest',
  'npx jest | cat',
  'echo | npx jest',
  '(npx jest)',
  '{ npx jest; }',
  '! npx jest',
  'npx jest & wait',
  'npx jest > out 2>&1',
  '> out npx jest',
  'npx \\\n jest',
  'if npx jest; then :; fi',
  'if true; then npx jest; fi',
  'for i in 1; do npx jest; done',
  'while npx jest; do break; done',
  'until npx jest; do :; done',
  'case a in a) npx jest ;; esac',
  'echo $(npx jest)',
  'echo "`npx jest`"',
  'x=$(npx jest)',
  `echo "\${x:-$(npx jest)}"`,
  'cat <<E\n$(npx jest)\nE',
  'sh <<E\nnpx jest\nE',
  "sh <<'E'\nnpx jest\nE",
  'cat <<E | sh\nnpx jest\nE',
  "echo 'npx jest' | sh",
  "printf 'npx %s\\n' jest | sh",
  "sh -c 'npx jest'",
  'sh -c \'npx "$@"\' _ jest',
  "eval 'npx jest'",
  'eval npx jest',
  'f() { npx "$@"; }; f jest',
  'j=jest; npx $j',
  'set -- npx jest; "$@"',
  'env A=1 npx jest',
  "env -S 'npx jest'",
  'timeout -k 1 9 npx jest',
  'nice -n 1 nohup stdbuf -oL setsid -w npx jest',
  'echo a | xargs -n1 npx jest',
  'find . -maxdepth 0 -exec npx jest {} \\;',
  "find . -maxdepth 0 -exec sh -c 'npx jest' \\;",
  "flock lock -c 'npx jest'",
  'flock -n lock npx jest',
  "script -qec 'npx jest' /dev/null",
  'command npx jest',
  'exec npx jest',
  'vitest run',
  'pytest -q',
];

/** Lines that speak of it only. */
const spoken: readonly string[] = [
  'echo npx jest',
  "printf '%s' 'npx jest'",
  'f() { npx jest; }',
  "alias t='npx jest'",
  "echo '$(npx jest)'",
  'echo "\\$(npx jest)"',
  "cat <<'E'\n$(npx jest)\nE",
  'cat <<E\nnpx jest\nE',
  "echo 'npx jest' | cat",
  'x="npx jest"',
  'x="npx jest"; echo "$x"',
  '# npx jest',
  'true npx jest',
  ': npx jest',
  'grep npx jest',
  'test npx = jest',
  'case npx in jest) ;; esac',
  'command -v npx jest',
  'find . -maxdepth 0 -name npx',
  'npx() { :; }; npx jest',
];

describe.each(['bash', 'zsh', 'dash'])('what really happens in %s', (shell) => {
  const path = () => [join(directory, 'stubs'), '/usr/bin', '/bin'];

  test.each(started)('starts: %j', async (line) => {
    const where = join(directory, 'empty');
    const calls = await record(shell, line, where, path());
    const found = judge(line, where);
    expect([found.verdict, calls.length > 0]).toEqual(['bypass', true]);
    expect(calls.map(([name]) => name)).toContain(found.runner === 'jest' ? 'npx' : found.runner);
  });

  test.each(spoken)('does not start: %j', async (line) => {
    const where = join(directory, 'empty');
    expect([judge(line, where).verdict, await record(shell, line, where, path())]).toEqual(['none', []]);
  });
});

/** Lines for the real package managers, in the workspace above. */
const managed: readonly string[] = [
  'npm test --silent src -- -t "a b"',
  'npm run ci -- x',
  'npm run quoted -- "x y"',
  'npm run positional -- a "b c"',
  'npm run last -- x',
  'npm run silent',
  'npm --prefix packages/a test',
  'npm -w @x/a t -- --ci',
  'npm test -ws --if-present',
  'npm -w c run build',
  'npm exec jest a --ci',
  'npm exec -- jest --ci',
  "npm x -c 'jest --ci'",
  'npx --no-install jest --ci',
  'npx -w @x/a jest c',
  'pnpm test -- --ci',
  'pnpm unit --ci',
  'pnpm jest --ci',
  'pnpm exec jest -- --ci',
  'pnpm -r test',
  'pnpm --filter "@x/*" test',
  'pnpm -C packages/a run test',
  'pnpm run "/^u:.*/"',
  'pnpm -c exec "jest --ci"',
  'yarn test -- --ci',
  'yarn jest x',
  'yarn workspace @x/a test',
  'yarn --cwd packages/a run test',
  'bun run unit --ci',
  'bun jest x',
  'bunx jest y',
  'bun run --filter @x/a test',
  'cd packages/a && npm test',
];

describe('what the real package managers start', () => {
  const programs = resolve(__dirname, '../../node_modules/.bin');
  const path = () => [dirname(process.execPath), programs, '/usr/bin', '/bin'];

  test.each(managed)(
    '%s',
    async (line) => {
      const where = join(directory, 'ws');
      const calls = await record('bash', line, where, path());
      const found = judge(line, where);
      if (calls.length === 0) expect(found.verdict).toBe('none');
      else expect(calls).toContainEqual(found.argv);
    },
    60_000,
  );
});
