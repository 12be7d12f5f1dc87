import { existsSync, lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { below } from './below.ts';
import { governedScript } from './policy/script-launchers.ts';
import type { PackageManager, PackageReader, RepositoryFacts } from './policy/verdict.ts';
import { readWithoutWaiting } from './read-without-waiting.ts';

/** A git repository as seen from one of its directories. */
export interface Repository {
  /** Top of the worktree that was asked about, absolute. */
  readonly top: string;
  /** Top of the repository's main worktree: where shared state lives. For a bare repository, its git directory. */
  readonly mainWorktree: string;
}

/** The directories from `directory` up to the file system's root. */
export function* upward(directory: string): Generator<string> {
  let current = resolve(directory);
  for (;;) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

/** The text of a file, null when it cannot be read for whatever reason. */
export function readText(path: string): string | null {
  try {
    // Most of the files that are asked for are not there, and an error costs ten times what a look does.
    return existsSync(path) ? readWithoutWaiting(path) : null;
  } catch {
    return null;
  }
}

/**
 * The place that all worktrees of a repository share, from the directory that git has for them together: the main worktree's top. A
 * submodule's main worktree is named in its configuration; where none is named (a bare repository, `git init --separate-git-dir`)
 * only that directory itself is known to all.
 */
function sharedPlace(commonDirectory: string): string {
  if (commonDirectory.endsWith('/.git')) return dirname(commonDirectory);
  const config = readText(below(commonDirectory, 'config')) ?? '';
  const worktree = /^\s*worktree\s*=\s*"?(.+?)"?\s*$/m.exec(config)?.[1];
  return worktree === undefined ? commonDirectory : resolve(commonDirectory, worktree);
}

/** What lies at a path; undefined also where it may not be looked at (a user who was changed to in somebody's home). */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Where a link leads in the end; null where it leads nowhere or in circles. */
function targetOf(link: string): string | null {
  try {
    return realpathSync(link);
  } catch {
    return null;
  }
}

/** What all worktrees share, from one's own git directory. */
function commonDirectoryOf(gitDirectory: string): string {
  const common = readText(below(gitDirectory, 'commondir'))?.trim();
  return common === undefined ? gitDirectory : resolve(gitDirectory, common);
}

/**
 * The git repository whose worktree has its top in this directory, without starting git; null when there is none.
 * A worktree's `.git` can be a file `gitdir: …` (gitrepository-layout(5)): a linked one's leads to `…/worktrees/<name>`, whose
 * `commondir` leads to what all worktrees share; without `commondir` it leads there at once. So does a link: git tells linked worktrees
 * where that leads to, and not where it lies.
 */
export function repositoryAt(top: string): Repository | null {
  const dotGit = below(top, '.git');
  const stats = lookAt(dotGit);
  if (stats === undefined) return null;
  if (stats.isDirectory()) return { top, mainWorktree: top };
  if (stats.isSymbolicLink()) {
    const target = targetOf(dotGit);
    if (target === null) return null;
    if (lookAt(target)?.isDirectory()) return { top, mainWorktree: sharedPlace(commonDirectoryOf(target)) };
  }
  const pointer = /^gitdir: (.+?)\r?\n?$/.exec(readText(dotGit) ?? '')?.[1];
  if (pointer === undefined) return null;
  const gitDirectory = resolve(top, pointer);
  return { top, mainWorktree: sharedPlace(commonDirectoryOf(gitDirectory)) };
}

/** The git repository around a directory; null outside any. */
export function findRepository(directory: string): Repository | null {
  for (const candidate of upward(directory)) {
    const found = repositoryAt(candidate);
    if (found !== null) return found;
  }
  return null;
}

/** The top of the main worktree of the repository around a directory; null outside any repository. */
export function mainWorktree(directory: string): string | null {
  return findRepository(directory)?.mainWorktree ?? null;
}

const lockfiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['pnpm-workspace.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

function managerFromField(directory: string): PackageManager | null {
  const field = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@(\d+)?/.exec(
    readText(below(directory, 'package.json')) ?? '',
  );
  switch (field?.[1]) {
    case 'npm':
    case 'pnpm':
    case 'bun':
      return field[1];
    case 'yarn':
      return Number(field[2] ?? 1) >= 2 ? 'yarn-berry' : 'yarn';
    default:
      return null;
  }
}

function managerFromFiles(directory: string): PackageManager | null {
  for (const [file, manager] of lockfiles) {
    if (!existsSync(below(directory, file))) continue;
    if (manager !== 'yarn') return manager;
    const isBerry =
      existsSync(below(directory, '.yarnrc.yml')) ||
      (readText(below(directory, 'yarn.lock')) ?? '').includes('__metadata:');
    return isBerry ? 'yarn-berry' : 'yarn';
  }
  return null;
}

/**
 * The package manager that the repository around `directory` uses: the `packageManager` field, else the lock
 * file, nearest first, up to the repository's top; npm when nothing says otherwise.
 */
export function findPackageManager(directory: string, top: string | null): PackageManager {
  for (const candidate of upward(directory)) {
    const manager = managerFromField(candidate) ?? managerFromFiles(candidate);
    if (manager !== null) return manager;
    if (candidate === top) break;
  }
  return 'npm';
}

/** The same for whoever does not know the repository's top. */
export function packageManagerAt(directory: string): PackageManager {
  return findPackageManager(directory, findRepository(directory)?.top ?? null);
}

/** What replacement commands depend on, for a command line run in `directory`, as far as the repository tells. */
export function repositoryFacts(directory: string, packages: PackageReader): RepositoryFacts {
  const top = findRepository(directory)?.top ?? null;
  let governedScriptAt: string | null = null;
  let nearest: string | null = null;
  for (const candidate of upward(directory)) {
    const found = packages.at(candidate);
    if (found !== null) {
      nearest ??= found.directory;
      if (governedScript in found.scripts) {
        governedScriptAt = found.directory === nearest ? '.' : relativePath(directory, found.directory);
        break;
      }
    }
    if (candidate === top) break;
  }
  return { packageManager: findPackageManager(directory, top), governedScriptAt };
}

function relativePath(from: string, to: string): string {
  const path = relative(from, to);
  return path === '' || isAbsolute(path) ? '.' : path;
}
