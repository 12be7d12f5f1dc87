import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { awkwardName } from '../helpers/workspace.ts';
import { BashLab, bashes, copyOfGuard, temporaryDirectory } from './bash-lab.ts';

jest.setTimeout(120_000);

const lab = new BashLab();

const script =
  'source "$HOOK"; npx --no-install jest sum 2>&1 | grep -c "^test-gov"; echo "s=$?"; npx jest >/dev/null 2>&1; ls >/dev/null && echo works';

describe.each(bashes)('%s', (_name, bash) => {
  test.each<[string, (root: string) => void, RegExp]>([
    ['no build', (root) => rmSync(join(root, 'dist'), { recursive: true }), /dist\/ask\.cjs is not there/],
    [
      'no shims',
      (root) => rmSync(join(root, 'shims'), { recursive: true }),
      /shims\/ is not next to hooks\//,
    ],
    ['half of the hook gone', (root) => rmSync(join(root, 'hooks/guarded-suspect.bash')), /hooks\/ is gone/],
    [
      'the hook itself gone',
      (root) => rmSync(join(root, 'hooks/guarded.bash')),
      /guarded\.bash is not to be found/,
    ],
    [
      'an asker that crashes',
      (root) => writeFileSync(join(root, 'dist/ask.cjs'), 'process.exit(9)'),
      /failed with status 9/,
    ],
    [
      'an asker that is killed',
      (root) => writeFileSync(join(root, 'dist/ask.cjs'), 'process.kill(process.pid, "SIGKILL")'),
      /failed with status 137/,
    ],
  ])('%s: one sentence, and a shell that works', async (broken, change, sentence) => {
    const root = copyOfGuard(change);
    const result = await lab.run(
      'source "$HOOK"; ./node_modules/.bin/jest >/dev/null 2>/dev/null; echo "s=$?"; python3 -m pytest --version >/dev/null; cd . && echo works',
      {
        bash,
        guarding: 'plain',
        env: { HOOK: join(root, 'hooks/guarded.sh') },
      },
    );
    // What the shims see goes on being blocked where only the text layer is broken.
    expect(result.stdout).toBe(`s=${broken.startsWith('half') ? 126 : 0}\nworks\n`);
    expect(result.status).toBe(0);
    const sentences = result.stderr.split('\n').filter((line) => line !== '');
    expect(sentences.length).toBeLessThanOrEqual(1);
    for (const said of sentences) expect(said).toMatch(sentence);
    const loud = await lab.run(
      'source "$HOOK"; python3 -m pytest --version >/dev/null; python3 -m pytest --version >/dev/null',
      {
        bash,
        guarding: 'plain',
        env: { HOOK: join(root, 'hooks/guarded.sh') },
      },
    );
    expect(loud.stderr).toMatch(sentence);
    expect(loud.stderr.match(/^test-governor:/gm)).toHaveLength(1);
  });

  test('no node: one sentence, also with the layers below, and commands run', async () => {
    const bin = temporaryDirectory();
    for (const tool of ['env', 'sh', 'cat', 'readlink', 'mkdir', 'mv', 'dirname'])
      symlinkSync(`/bin/${tool}`, join(bin, tool));
    writeFileSync(join(bin, 'npx'), '#!/bin/sh\necho "ran $*"\n');
    chmodSync(join(bin, 'npx'), 0o755);
    const result = await lab.run('source "$HOOK"; npx jest; npx jest', {
      bash,
      guarding: 'plain',
      env: { PATH: bin },
    });
    expect(result.stdout).toBe('ran jest\nran jest\n');
    expect(result.stderr).toBe(
      'test-governor: there is no node on PATH to ask with, so commands run without a check; "test-governor doctor" says more.\n',
    );
  });

  test('the guard is removed under a running shell: node starts, the shell works, and says it once', async () => {
    const root = copyOfGuard();
    const text = [
      'source "$HOOK"; rm -r "$ROOT"',
      'node -p 1; ./node_modules/.bin/jest 2>/dev/null; echo "s=$?"; python3 -m pytest --version >/dev/null',
      'python3 -m pytest --version >/dev/null; bash -c "echo child"; guard_off; echo off',
    ].join('\n');
    const result = await lab.run(text, {
      bash,
      guarding: 'plain',
      env: { HOOK: join(root, 'hooks/guarded.sh'), ROOT: root },
    });
    expect(result.stdout).toBe('1\ns=0\nchild\noff\n');
    expect(result.stderr.split('\n').filter((line) => line !== '')).toHaveLength(1);
  });

  test('it works from a directory whose name holds spaces, quotes, a dollar and other letters, and through a link', async () => {
    const root = copyOfGuard(() => undefined, awkwardName);
    const link = join(temporaryDirectory(), 'my hook.sh');
    symlinkSync(join(root, 'hooks/guarded.sh'), link);
    const nested = `${script.split(';')[0]}; bash -c 'npx jest | tail'; echo "s=$?"; npx jest | tail; echo "s=$?"; guard_off; echo "$PATH" | grep -c shims`;
    for (const hook of [join(root, 'hooks/guarded.sh'), link, join(root, 'hooks/../hooks/guarded.sh')]) {
      const result = await lab.run(nested, { bash, guarding: 'plain', env: { HOOK: hook } });
      expect(result.stdout).toBe('s=126\ns=126\n0\n');
      expect(result.events).toHaveLength(2);
    }
  });

  test('a state directory that cannot be written to changes nothing for the command', async () => {
    const result = await lab.run('npx jest | tail; echo "s=$?"; ./node_modules/.bin/jest; echo "s=$?"', {
      bash,
      env: { BASESHOP_STATE_DIR: '/proc/nowhere' },
    });
    expect(result.stdout).toBe('s=126\ns=126\n');
    expect(result.suites).toBe(0);
  });

  test('an unknown mode is said, and the command is only warned about', async () => {
    const result = await lab.run(
      'python3 -m pytest --collect-only -q >/dev/null 2>&1; npx jest 2>&1 >/dev/null | head -3',
      {
        bash,
        env: { BASESHOP_POLICY_MODE: 'strikt' },
      },
    );
    expect(result.suites).toBe(1);
    expect(result.stderr).toMatch(/test-governor: warning(.|\n)*"strikt" is no mode/);
  });
});
