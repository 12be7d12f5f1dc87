import { execFileSync } from 'node:child_process';
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
import { dirname, join, relative, resolve } from 'node:path';

/** A package of this checkout's own node_modules that a workspace can link. */
export type LinkedPackage = 'jest' | 'vitest' | 'turbo' | 'pnpm' | 'yarn' | 'bun';

/** A name for the workspace's directory that breaks whatever does not quote: spaces, both quotes, `$`, non-ASCII. */
export const awkwardName = `it's a "wörk" späce $HOME 測試`;

/** The file that every suite of {@link jestSuite} and its siblings appends a line to when it really runs. */
export const markerName = 'tests-ran.log';

export interface WorkspaceOptions {
  /** Path below the workspace to content; a content that starts with `#!` is made executable. */
  readonly files: Readonly<Record<string, string>>;
  /** Packages that stand in `node_modules` with their `.bin` entries, as npm would have put them there. */
  readonly link?: readonly LinkedPackage[];
  /** True: a git repository with one commit that holds `files`. */
  readonly git?: boolean;
  /** Name of the directory, `workspace` when left out; see {@link awkwardName}. */
  readonly name?: string;
}

export interface Workspace {
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  /** `node_modules/.bin`, absolute; holds the bins of the linked packages and nothing else. */
  readonly bin: string;
  /** How many suites have run here so far: the lines in the marker file at `below`, the top by default. */
  runs(below?: string): number;
  /** Removes the workspace. May be called twice. */
  cleanup(): void;
}

const checkout = resolve(__dirname, '..', '..');

/**
 * A temporary directory in which the real runners run: `node_modules` holds links to this checkout's own
 * packages, so `npx jest`, `npm test`, `./node_modules/.bin/jest`, `node node_modules/jest/bin/jest.js` and
 * `turbo run test` start what a user's would. Nothing in it reaches for the network.
 */
export function makeWorkspace(options: WorkspaceOptions): Workspace {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'test-governor-')));
  const path = join(home, options.name ?? 'workspace');
  mkdirSync(path);
  writeFiles(path, { '.npmrc': npmrc, ...options.files });
  for (const name of options.link ?? []) linkPackage(path, name);
  if (options.git === true) commitAll(path);
  return {
    path,
    bin: join(path, 'node_modules', '.bin'),
    runs: (below = '.') => countLines(join(path, below, markerName)),
    cleanup: () => rmSync(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** A runner that would have to be downloaded fails at once instead; npm says nothing but what it is asked. */
const npmrc = ['offline=true', 'audit=false', 'fund=false', 'update-notifier=false', ''].join('\n');

export interface SuiteOptions {
  /** The package's name, `tiny` when left out. */
  readonly name?: string;
  /** The package's scripts; `{ test: <runner> }` when left out. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Further fields of package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** True: its one test fails. */
  readonly failing?: boolean;
}

/** A package with one quick jest test. */
export function jestSuite(options: SuiteOptions = {}): Record<string, string> {
  return {
    // Without a transform and without watchman jest starts in a fraction of the time.
    'package.json': manifestOf(options, 'jest', { jest: { transform: {}, watchman: false } }),
    'sum.test.js': testFile(options, ''),
  };
}

/** A package with one quick vitest test. `vitest run` ends by itself. */
export function vitestSuite(options: SuiteOptions = {}): Record<string, string> {
  return {
    'package.json': manifestOf(options, 'vitest run', {}),
    'sum.test.mjs': testFile(options, "import { expect, test } from 'vitest';\nimport fs from 'node:fs';"),
  };
}

/** A pytest suite of one quick test, without a package.json. */
export function pytestSuite(options: Pick<SuiteOptions, 'failing'> = {}): Record<string, string> {
  return {
    'test_sum.py': [
      'import pathlib',
      '',
      '',
      'def test_sum():',
      `    with (pathlib.Path(__file__).parent / "${markerName}").open("a") as marker:`,
      '        marker.write("ran\\n")',
      `    assert 1 + 1 == ${options.failing === true ? 3 : 2}`,
      '',
    ].join('\n'),
  };
}

/**
 * A turbo monorepo: `packages/<name>` for each name, each a {@link jestSuite} whose tests `turbo run test` runs,
 * and a `build` task that starts no runner. Link `jest` and `turbo`.
 */
export function turboSuite(names: readonly string[] = ['one', 'two']): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': json({
      name: 'tiny-monorepo',
      private: true,
      packageManager: 'npm@11.0.0',
      workspaces: ['packages/*'],
      scripts: { test: 'turbo run test', build: 'turbo run build' },
    }),
    'turbo.json': json({ tasks: { build: { cache: false }, test: { cache: false } } }),
    // turbo reads the lockfile to know the packages.
    'package-lock.json': json({
      name: 'tiny-monorepo',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'tiny-monorepo', workspaces: ['packages/*'] },
        ...Object.fromEntries(
          names.map((name) => [`node_modules/${name}`, { resolved: `packages/${name}`, link: true }]),
        ),
        ...Object.fromEntries(names.map((name) => [`packages/${name}`, { version: '1.0.0' }])),
      },
    }),
    '.gitignore': `node_modules/\n.turbo/\n${markerName}\n`,
  };
  for (const name of names) {
    const suite = jestSuite({ name, scripts: { test: 'jest', build: 'node -p 1' } });
    for (const [file, content] of Object.entries(suite)) files[`packages/${name}/${file}`] = content;
  }
  return files;
}

function manifestOf(options: SuiteOptions, test: string, runner: Readonly<Record<string, unknown>>): string {
  return json({
    name: options.name ?? 'tiny',
    version: '1.0.0',
    private: true,
    scripts: options.scripts ?? { test },
    ...runner,
    ...options.manifest,
  });
}

function testFile(options: SuiteOptions, imports: string): string {
  const here = imports === '' ? '__dirname' : 'import.meta.dirname';
  const fs = imports === '' ? "require('node:fs')" : 'fs';
  return [
    ...(imports === '' ? [] : [imports, '']),
    "test('adds', () => {",
    `  ${fs}.appendFileSync(\`\${${here}}/${markerName}\`, 'ran\\n');`,
    `  expect(1 + 1).toBe(${options.failing === true ? 3 : 2});`,
    '});',
    '',
  ].join('\n');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (content.startsWith('#!')) chmodSync(path, 0o755);
  }
}

/** npm's own layout: `node_modules/<name>`, and in `.bin` one relative link for each bin of the package. */
export function linkPackage(root: string, name: LinkedPackage): void {
  const source = join(checkout, 'node_modules', name);
  const target = join(root, 'node_modules', name);
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(source, target);
  for (const [command, file] of binsOf(source, name)) {
    symlinkSync(relative(bin, join(target, file)), join(bin, command));
  }
}

function binsOf(packagePath: string, name: string): readonly (readonly [string, string])[] {
  const manifest: unknown = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('bin' in manifest)) return [];
  const { bin } = manifest;
  if (typeof bin === 'string') return [[name, bin]];
  if (typeof bin !== 'object' || bin === null) return [];
  return Object.entries(bin).flatMap(([command, file]) =>
    typeof file === 'string' ? [[command, file] as const] : [],
  );
}

/** The user's own git settings (signing, hooks, templates) must not reach a workspace. */
function commitAll(path: string): void {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.invalid', ...args], {
      cwd: path,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: path,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
      },
    });
  };
  const ignore = join(path, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, `node_modules/\n.cache/\n${markerName}\n`);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'Start');
}

function countLines(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}
