import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { findRepository, upward } from '../../repository.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { type Declaration, declarationAt, type Layout, type WorkspacePattern } from './patterns.ts';
import type { Problem } from './problem.ts';

/** A workspace with everything in it that can be read. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly layout: Layout;
  /** The root's own package first, when it has one that can be read; then by path. */
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/** Directories in which no package manager looks for members. */
const ignored = ['**/node_modules/**', '**/bower_components/**', '**/.git/**'];

/** pnpm takes these two in place of package.json. */
const otherFormats = ['package.yaml', 'package.json5'];

/** The directory of the workspace around `directory`: the nearest that declares members, else the nearest package. Null when there is neither. */
function findRoot(
  directory: string,
): { readonly root: string; readonly declaration: Declaration | null } | null {
  const top = findRepository(directory)?.top ?? null;
  let nearest: string | null = null;
  for (const candidate of upward(directory)) {
    const declaration = declarationAt(candidate);
    if (declaration !== null) return { root: candidate, declaration };
    if (nearest === null && existsSync(join(candidate, 'package.json'))) nearest = candidate;
    if (candidate === top) break;
  }
  return nearest === null ? null : { root: nearest, declaration: null };
}

function plainPattern(pattern: string): string {
  return pattern.replace(/^\.\//, '').replace(/\/+$/, '');
}

/** The manifests that one pattern matches, from the root. */
function manifestsOf(root: string, pattern: string, excluded: readonly string[]): readonly string[] {
  const plain = plainPattern(pattern);
  return globSync(
    ['package.json', ...otherFormats].map((name) =>
      plain === '' || plain === '.' ? name : `${plain}/${name}`,
    ),
    {
      cwd: root,
      ignore: [...ignored, ...excluded],
      expandDirectories: false,
      followSymbolicLinks: false,
    },
  );
}

function unmatched({ file, line, column, pattern }: WorkspacePattern): Problem {
  const problem = `no package.json lies where the pattern "${pattern}" points: mend or remove it`;
  return { file, line, column, kind: 'no-match', problem };
}

function inOtherFormat(file: string): Problem {
  const problem =
    'only package.json is read and edited: look at its scripts by hand, or turn it into a package.json';
  return { file, line: 1, column: 1, kind: 'other-format', problem };
}

/**
 * The workspace around `directory`: packages of npm, Yarn, pnpm, Bun, lerna and nx layouts. Every file that cannot be read
 * and every pattern that matches nothing is a problem of its own; the rest is read all the same.
 * @returns null when there is no package at or above `directory`, up to the repository's top.
 */
export function openWorkspace(directory: string): Workspace | null {
  const place = findRoot(directory);
  if (place === null) return null;
  const { root, declaration } = place;
  const problems: Problem[] = [...(declaration?.problems ?? [])];
  const patterns = declaration?.patterns ?? [];
  const excluded = patterns
    .filter(({ pattern }) => pattern.startsWith('!'))
    .flatMap(({ pattern }) => {
      const plain = plainPattern(pattern.slice(1));
      return [plain, `${plain}/**`];
    });
  const files = new Set<string>();
  for (const each of patterns) {
    if (each.pattern.startsWith('!')) continue;
    const found = manifestsOf(root, each.pattern, excluded);
    const matches = found.filter((file) => basename(file) === 'package.json');
    const others = found.filter(
      (file) => basename(file) !== 'package.json' && !found.includes(join(dirname(file), 'package.json')),
    );
    for (const match of matches) files.add(match);
    if (declaration?.layout === 'pnpm') problems.push(...others.map(inOtherFormat));
    if (matches.length + others.length === 0 && !each.isDefault) problems.push(unmatched(each));
  }
  files.delete('package.json');
  const manifests: Manifest[] = [];
  for (const shown of ['package.json', ...[...files].sort()]) {
    const read = readManifest(join(root, shown), shown);
    if (read.kind === 'read') manifests.push(read.manifest);
    else if (read.kind === 'broken') problems.push(read.problem);
  }
  return { root, layout: declaration?.layout ?? 'single', manifests, problems };
}

/** A package's directory from the workspace's root; `.` for the root itself. */
export function placeInWorkspace(workspace: Workspace, manifest: Manifest): string {
  return relative(workspace.root, manifest.directory) || '.';
}

/** The package at the root; null when there is none that can be read. */
export function rootManifest(workspace: Workspace): Manifest | null {
  return workspace.manifests.find((manifest) => manifest.directory === workspace.root) ?? null;
}
