import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPackageReader } from '../src/packages.ts';
import { findPackageManager, findRepository, repositoryFacts } from '../src/repository.ts';

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'repository é ')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]) {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    stdio: 'ignore',
  });
}

function write(path: string, content: object | string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('the repository around a directory', () => {
  test('has one main worktree for all of its worktrees', () => {
    const main = join(root, 'main');
    mkdirSync(join(main, 'deep/er'), { recursive: true });
    git(main, 'init', '-q');
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(main, 'worktree', 'add', '-q', '--detach', join(root, 'other tree'));
    expect(findRepository(join(main, 'deep/er'))).toEqual({ top: main, mainWorktree: main });
    expect(findRepository(join(root, 'other tree'))).toEqual({
      top: join(root, 'other tree'),
      mainWorktree: main,
    });
  });

  test('is a submodule itself, not what contains it', () => {
    const outer = join(root, 'outer');
    mkdirSync(outer);
    git(outer, 'init', '-q');
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', join(root, 'main'), 'inner');
    const inner = join(outer, 'inner');
    expect(findRepository(inner)).toEqual({ top: inner, mainWorktree: inner });
    const linked = join(root, 'linked to inner');
    git(inner, 'worktree', 'add', '-q', '--detach', linked);
    expect(findRepository(linked)).toEqual({ top: linked, mainWorktree: inner });
  });

  test('is looked for further up where what is called .git, or a lock file, cannot be looked at', () => {
    const main = join(root, 'main');
    const inner = join(main, 'loops');
    mkdirSync(inner);
    for (const name of ['.git', 'pnpm-lock.yaml', '.yarnrc.yml']) symlinkSync(name, join(inner, name));
    expect(findRepository(inner)).toEqual({ top: main, mainWorktree: main });
    expect(findPackageManager(inner, main)).toBe('npm');
  });

  test('has one place for all of its worktrees where its git directory lies elsewhere', () => {
    const main = join(root, 'elsewhere');
    const store = join(root, 'its store');
    const other = join(root, 'its worktree');
    git(root, 'init', '-q', '--separate-git-dir', store, main);
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(main, 'worktree', 'add', '-q', '--detach', other);
    for (const top of [main, other]) expect(findRepository(top)).toEqual({ top, mainWorktree: store });
  });

  test('has one place for all of its worktrees where its .git is a link', () => {
    const main = join(root, 'linked');
    const store = join(root, 'linked store');
    const other = join(root, 'linked worktree');
    git(root, 'clone', '-q', 'main', main);
    renameSync(join(main, '.git'), store);
    symlinkSync(store, join(main, '.git'));
    git(main, 'worktree', 'add', '-q', '--detach', other);
    for (const top of [main, other]) expect(findRepository(top)).toEqual({ top, mainWorktree: store });
    // A linked worktree's own may be a link as well.
    const own = execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: other, encoding: 'utf8' });
    rmSync(join(other, '.git'));
    symlinkSync(own.trim(), join(other, '.git'));
    expect(findRepository(other)).toEqual({ top: other, mainWorktree: store });
  });

  test('is none where its .git is a link that leads nowhere', () => {
    const top = join(root, 'nowhere');
    mkdirSync(top);
    symlinkSync(join(root, 'missing'), join(top, '.git'));
    expect(findRepository(top)).toBeNull();
  });

  test('has one place for all of its worktrees where it is bare', () => {
    const above = join(root, 'above');
    const other = join(above, 'other');
    git(root, 'clone', '-q', '--bare', 'main', 'above/.bare');
    writeFileSync(join(above, '.git'), 'gitdir: ./.bare\n');
    git(above, 'worktree', 'add', '-q', '--detach', other);
    const mainWorktree = join(above, '.bare');
    for (const top of [above, other]) expect(findRepository(top)).toEqual({ top, mainWorktree });
  });

  test('is nothing outside of any', () => {
    expect(findRepository('/')).toBeNull();
  });

  test.each([
    ['pnpm-lock.yaml', '', 'pnpm'],
    ['package-lock.json', '{}', 'npm'],
    ['bun.lock', '', 'bun'],
    ['yarn.lock', '# yarn lockfile v1', 'yarn'],
    ['yarn.lock', '__metadata:\n  version: 8', 'yarn-berry'],
    ['package.json', '{"packageManager":"pnpm@9.15.0+sha512.abc"}', 'pnpm'],
    ['package.json', '{"packageManager":"yarn@4.1.0"}', 'yarn-berry'],
  ])('with %s (%s) uses %s', (file, text, manager) => {
    const name = `manager-${manager}-${file}`;
    write(`${name}/${file}`, text);
    mkdirSync(join(root, name, 'packages/a'), { recursive: true });
    expect(findPackageManager(join(root, name, 'packages/a'), join(root, name))).toBe(manager);
  });

  test('tells where the governed script is, from a package below it', () => {
    write('mono/package.json', {
      workspaces: ['packages/*'],
      scripts: { 'test:governed': 'test-governor run' },
    });
    write('mono/packages/a/package.json', { name: '@mono/a', scripts: { test: 'jest' } });
    mkdirSync(join(root, 'mono/.git'));
    const packages = createPackageReader();
    expect(repositoryFacts(join(root, 'mono'), packages).governedScriptAt).toBe('.');
    expect(repositoryFacts(join(root, 'mono/packages/a'), packages).governedScriptAt).toBe('../..');
  });
});

describe('the packages of a workspace', () => {
  test('are found by name, by name without scope and by path', () => {
    const packages = createPackageReader();
    for (const selector of ['@mono/a', 'a', 'packages/a', './packages/a']) {
      expect(packages.member(join(root, 'mono'), selector)?.directory).toBe(join(root, 'mono/packages/a'));
    }
    expect(packages.member(join(root, 'mono'), 'nobody')).toBeNull();
  });

  test('are those of pnpm-workspace.yaml, exclusions left out', () => {
    write('pnpm/pnpm-workspace.yaml', 'packages:\n  - "libs/**"\n  - \'!libs/old\'\ncatalog:\n  - other\n');
    for (const name of ['libs/one', 'libs/deep/two', 'libs/old', 'other']) {
      write(`pnpm/${name}/package.json`, { name: name.replaceAll('/', '-') });
    }
    const members = createPackageReader().members(join(root, 'pnpm/libs/one'));
    expect(members.map((member) => member.name).sort()).toEqual(['libs-deep-two', 'libs-one']);
  });

  test.each([
    ['packages: ["libs/*", other] # both'],
    ['packages:\n- libs/*\n- other\nonlyBuiltDependencies:\n- libs/deep\n'],
  ])('are read from either kind of list: %j', (text) => {
    write('pnpm/pnpm-workspace.yaml', text);
    const members = createPackageReader().members(join(root, 'pnpm'));
    expect(members.map((member) => member.name).sort()).toEqual(['libs-old', 'libs-one', 'other']);
  });

  test('with a package.json that is broken are none, and stop the search as they stop npm', () => {
    write('broken/package.json', '{"scripts": {');
    write('broken/sub/package.json', '\uFEFF{"name":"sub","scripts":{"test":"jest","odd":3}}');
    const packages = createPackageReader();
    expect(packages.at(join(root, 'broken'))).toBeNull();
    mkdirSync(join(root, 'broken/deep'), { recursive: true });
    expect(packages.nearest(join(root, 'broken/deep'))).toBeNull();
    expect({ ...packages.nearest(join(root, 'broken/sub'))?.scripts }).toEqual({ test: 'jest' });
  });
});
