import { execFileSync } from 'node:child_process';
import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';

/** What is left out when the config does not say: what tells of the past is not there to be followed, nor to be rewritten. */
export const defaultArchive: readonly string[] = [
  '**/{archive,archives,archived,.archive,_archive,attic}/**',
  '**/{CHANGELOG,CHANGES,HISTORY}.{md,markdown}',
];

/** Files that are Markdown; `.mdc` is what Cursor calls its rules. */
const markdownName = /\.(?:md|mdx|mdc|markdown|mdown|mkdn?)$/i;

/** Packages of others, also where nobody has told git to ignore them yet: nothing in them is ours to mend. */
const inPackages = /(?:^|\/)node_modules\//;

/** Where no git says what belongs to the project. */
const foreignDirectories = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', 'venv']);

/** The files to look at. */
export interface Selection {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** How many Markdown files the archive patterns left out. */
  readonly archived: number;
  /** What was asked for and does not exist, as it was given. */
  readonly missing: readonly string[];
}

/** What git knows below a directory and does not ignore, tracked or not, packages left out; null where there is no git, or it refuses. */
function gitFiles(directory: string): readonly string[] | null {
  try {
    // No hook of the repository's is to run for this.
    const options = ['-c', 'core.fsmonitor=false', '-C', directory];
    const list = execFileSync(
      'git',
      [...options, 'ls-files', '-z', '-co', '--exclude-standard', '--', ':(icase)*.m*'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 30,
      },
    );
    return list
      .split('\0')
      .filter((name) => markdownName.test(name) && !inPackages.test(name))
      .map((name) => join(directory, name));
  } catch {
    return null;
  }
}

/** A directory that cannot be listed holds nothing that we could look at. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function walk(directory: string): readonly string[] {
  const files: string[] = [];
  const pending = [directory];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !foreignDirectories.has(entry.name)) pending.push(path);
      else if (entry.isFile() && markdownName.test(entry.name)) files.push(path);
    }
  }
  return files;
}

/** A link is not followed: what it leads to is looked at in its own place. */
function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** A path that cannot be looked at (a loop of links, no permission) counts as a file: reading it says what is wrong. */
function kindOf(path: string): 'missing' | 'directory' | 'file' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return 'directory';
    // Reading a pipe or a device would wait for somebody who writes.
    return stats?.isFile() === true ? 'file' : 'missing';
  } catch {
    return 'file';
  }
}

function filesBelow(directory: string): readonly string[] {
  const ofGit = gitFiles(directory);
  // An ignored directory that was asked for by name is looked at all the same.
  return ofGit === null || ofGit.length === 0 ? walk(directory) : ofGit.filter(isPlainFile);
}

/**
 * Finds the Markdown files at and below some paths.
 * @param cwd where relative paths are meant from.
 * @param base where the archive patterns are meant from: the directory of the config.
 */
export function selectFiles(
  paths: readonly string[],
  cwd: string,
  base: string,
  archive: readonly string[],
): Selection {
  const isArchived = picomatch([...archive], { dot: true, nocase: true });
  const missing: string[] = [];
  const found = new Set<string>();
  for (const path of paths) {
    const full = resolve(cwd, path);
    const kind = kindOf(full);
    if (kind === 'missing') missing.push(path);
    else if (kind === 'directory') for (const file of filesBelow(full)) found.add(file);
    else found.add(full);
  }
  const files = [...found].filter((file) => !isArchived(relative(base, file)));
  return { files: files.sort(), archived: found.size - files.length, missing };
}
