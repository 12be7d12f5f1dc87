import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { baseEnvironment, guardedRoot, runShell, type ShellResult } from '../helpers/shell';
import { awkwardName, jestSuite, makeWorkspace, type Workspace } from '../helpers/workspace';
import { environmentBelow, installation, temporaryDirectory, withGuard } from './shim-lab';

jest.setTimeout(60_000);

const made: Workspace[] = [];

afterEach(() => {
  for (const one of made.splice(0)) one.cleanup();
});

function workspace(): Workspace {
  const one = makeWorkspace({ files: jestSuite(), link: ['jest'], git: true });
  made.push(one);
  return one;
}

/** A cache that several users share, in which another one has made our directory first. */
function plantedCache(as: 'directory' | 'link'): string {
  const cache = temporaryDirectory();
  chmodSync(cache, 0o1777);
  const own = as === 'link' ? temporaryDirectory() : join(cache, 'test-governor');
  const directory = join(own, 'preload');
  mkdirSync(directory, { recursive: true });
  const name = join(guardedRoot, 'hooks/preload.cjs').replaceAll('/', '%');
  writeFileSync(join(directory, name), 'console.log("planted");\n');
  if (as === 'link') symlinkSync(own, join(cache, 'test-governor'));
  else for (const path of [join(directory, name), directory, own]) chownSync(path, 65_534, 65_534);
  return cache;
}

describe('node loads nothing that another user has put where several have their cache', () => {
  const hook = join(guardedRoot, 'hooks/guarded.sh');
  const shells = [
    ['with-guard', withGuard, ['sh', '-c']],
    ['bash', 'bash', ['-c']],
    ['zsh', 'zsh', ['-fc']],
    ['dash', 'dash', ['-c']],
  ] as const;
  const kinds = process.geteuid?.() === 0 ? (['directory', 'link'] as const) : (['link'] as const);
  const cases = shells.flatMap((shell) => kinds.map((kind) => [shell[0], kind, shell[1], shell[2]] as const));

  test.each(cases)('%s, %s', async (name, kind, shell, args) => {
    const env = baseEnvironment({ XDG_CACHE_HOME: plantedCache(kind), BASESHOP_GUARD_ROOT: guardedRoot });
    const start = name === 'with-guard' ? '' : `. '${hook}'; `;
    const script = `${start}${JSON.stringify(process.execPath)} -p 'process.env.NODE_OPTIONS'`;
    expect(await runShell({ shell, args: [...args, script], env })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^--require "?[^%]*hooks\/preload\.cjs"?\n$/),
      stderr: '',
    });
  });
});

describe('node still starts', () => {
  const nodeBelow = (root: string, env: Record<string, string>, script: string): Promise<ShellResult> =>
    runShell({ shell: join(root, 'bin/with-guard'), args: ['sh', '-c', script, 'sh', root], env });
  const printRan = `${JSON.stringify(process.execPath)} -p '"ran"'`;

  test('when the guard is removed under it, and is guarded again when it is back', async () => {
    const one = workspace();
    const root = installation(awkwardName);
    const env = baseEnvironment({ BASESHOP_POLICY_MODE: 'enforce', CI: '1' });
    const jestBelow = `cd '${one.path}' && ${JSON.stringify(process.execPath)} node_modules/.bin/jest >/dev/null 2>&1; echo $?`;
    const script = `mv "$1" "$1.away"; ${printRan}; npm --version >/dev/null && echo npm; mv "$1.away" "$1"; ${jestBelow}`;
    const away = await nodeBelow(root, env, script);
    expect(away).toMatchObject({ status: 0, stdout: 'ran\nnpm\n126\n', stderr: '' });
  });

  test.each([
    ['without a HOME', () => ({ HOME: '' })],
    ['with a HOME that is not there', () => ({ HOME: '/dev/null/home' })],
    ['with a cache that is a file', () => ({ XDG_CACHE_HOME: '/etc/passwd' })],
    ['with a relative cache directory', () => ({ XDG_CACHE_HOME: 'cache' })],
    ['with an awkward HOME', () => ({ HOME: temporaryDirectory(awkwardName) })],
    ['with an awkward cache directory', () => ({ XDG_CACHE_HOME: temporaryDirectory(awkwardName) })],
  ])('%s', async (_what, more) => {
    const one = workspace();
    const env = baseEnvironment({ ...more(), BASESHOP_POLICY_MODE: 'enforce' });
    const script = `${printRan}; cd '${one.path}' && ${JSON.stringify(process.execPath)} node_modules/.bin/jest >/dev/null 2>&1; echo $?`;
    expect(await nodeBelow(guardedRoot, env, script)).toMatchObject({ stdout: 'ran\n126\n', stderr: '' });
  });

  test('from a root whose name is too long for a file, or holds a newline', async () => {
    for (const name of ['n'.repeat(230), 'two\nlines', 'line\n']) {
      const root = installation(name);
      const env = baseEnvironment();
      expect(await nodeBelow(root, env, printRan)).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
      const below = await environmentBelow([join(root, 'bin/with-guard')], env);
      expect(below.BASESHOP_GUARD_ROOT).toBe(root);
    }
  });

  test('from a root with a colon, which cannot stand on PATH', async () => {
    const root = installation('a:b');
    const env = baseEnvironment();
    expect(await nodeBelow(root, env, `${printRan}; echo "$PATH"`)).toMatchObject({
      stdout: `ran\n${env.PATH}\n`,
    });
  });

  // Each version of node knows some of them.
  const restrictions = ['--permission', '--experimental-permission', '--experimental-policy'].filter(
    (option) => process.allowedNodeEnvironmentFlags.has(option),
  );

  test.each(restrictions)('with %s', async (option) => {
    const lab = temporaryDirectory();
    writeFileSync(join(lab, 'main.js'), 'console.log("ran", process.env.NODE_OPTIONS);\n');
    writeFileSync(join(lab, 'policy.json'), '{ "resources": { "./main.js": { "integrity": true } } }');
    const options =
      option === '--experimental-policy' ? [`${option}=policy.json`] : [option, `--allow-fs-read=${lab}/*`];
    const args = ['node', ...options, 'main.js'];
    const env = baseEnvironment({ NODE_OPTIONS: '--no-warnings' });
    expect(await runShell({ shell: withGuard, args, cwd: lab, env })).toMatchObject({
      status: 0,
      stdout: 'ran --no-warnings\n',
    });
  });

  test('and the file that stands in for the preload is written once, whole, for the user alone', async () => {
    const env = baseEnvironment();
    const runs = Array.from({ length: 8 }, () => nodeBelow(guardedRoot, env, printRan));
    for (const result of await Promise.all(runs))
      expect(result).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
    const files = readdirSync(join(env.HOME ?? '', '.cache/test-governor/preload'));
    expect(files).toHaveLength(1);
  });
});
