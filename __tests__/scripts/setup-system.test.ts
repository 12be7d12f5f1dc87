import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { type Outcome, runProgram } from '../helpers/checkout';
import { baseEnvironment, guardedRoot } from '../helpers/shell';

// Real programs on a busy machine: patience, which only a failing test uses up.
jest.setTimeout(60_000);

const made: string[] = [];

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A directory that comes first on PATH; the script keeps the directory of node, so it gets one. */
function directory(programs: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'test-governor-setup-'));
  made.push(path);
  symlinkSync(process.execPath, join(path, 'node'));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return path;
}

function setup(path: string, more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const env = baseEnvironment(more);
  return runProgram('sh', [join(guardedRoot, 'scripts/setup-system.sh')], {
    cwd: path,
    env: { ...env, PATH: path + delimiter + env.PATH },
  });
}

/** Neither root nor sudo. */
const nobody = { id: 'echo 1000', sudo: 'exit 1' };
const absent = 'exit 127';

test('is content without touching apt where everything is installed', async () => {
  const path = directory({ 'apt-get': 'echo called >>calls' });
  expect(await setup(path)).toEqual({ status: 0, output: expect.stringContaining('installed') });
  expect(existsSync(join(path, 'calls'))).toBe(false);
});

test.each([
  ['as root', { id: 'echo 0' }],
  ['with a sudo that asks for no password', { id: 'echo 1000', sudo: 'shift; exec "$@"' }],
])('installs what is missing with one update, %s', async (_how, programs) => {
  const path = directory({
    ...programs,
    zsh: absent,
    shellcheck: absent,
    'apt-get': 'echo "$*" >>calls; case $* in *install*) rm zsh shellcheck;; esac',
  });
  expect(await setup(path)).toMatchObject({ status: 0, output: expect.stringContaining('zsh shellcheck') });
  const calls = readFileSync(join(path, 'calls'), 'utf8').trimEnd().split('\n');
  expect(calls).toEqual([
    expect.stringMatching(/ update$/),
    expect.stringMatching(/ install -y --no-install-recommends zsh shellcheck$/),
  ]);
});

test('installs what there is when one package is not', async () => {
  const path = directory({
    id: 'echo 0',
    zsh: absent,
    shellcheck: absent,
    'apt-get': 'case $* in *shellcheck*) exit 100;; *install*) rm zsh;; esac',
  });
  const outcome = await setup(path);
  expect(outcome).toMatchObject({
    status: 0,
    output: expect.stringContaining('names the packages: shellcheck\n'),
  });
});

test('installs in CI what is only welcome too, and is content without it', async () => {
  const path = directory({ id: 'echo 0', mksh: absent, 'apt-get': 'echo "$*" >>calls; exit 100' });
  const outcome = await setup(path, { CI: 'true' });
  expect(outcome).toMatchObject({ status: 0, output: expect.stringContaining('not installed:') });
  expect(readFileSync(join(path, 'calls'), 'utf8')).toContain(' mksh\n');
});

test('only warns outside CI where it may not install', async () => {
  const outcome = await setup(directory({ ...nobody, zsh: absent }));
  expect(outcome).toMatchObject({ status: 0, output: expect.stringContaining('sudo apt-get install zsh') });
});

test.each([
  ['it may not install', nobody],
  ['apt cannot install it', { id: 'echo 0', 'apt-get': 'exit 100' }],
])('fails in CI and names what is missing where %s', async (_why, programs) => {
  const outcome = await setup(directory({ ...programs, zsh: absent }), { CI: 'true' });
  expect(outcome).toMatchObject({
    status: 1,
    output: expect.stringContaining('as Debian names the packages: zsh'),
  });
});
