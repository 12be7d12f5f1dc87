import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type GeneratedFile, generatedMark, render, type Template } from './render.ts';

/** Directories that hold nothing but generated files. */
const ownDirectories: readonly string[] = ['hooks', 'shims'];

/** How the files on disk differ from what the templates give. Paths are relative to the output directory, sorted. */
export interface Drift {
  /** There, but with another text or without its executable bit. */
  readonly stale: readonly string[];
  readonly missing: readonly string[];
  /** In `hooks/` or `shims/`, but not ours: a template that is gone, or a stranger's file. */
  readonly foreign: readonly string[];
}

export interface GenerateOptions {
  /** The directory that holds `templates/`. */
  readonly root: string;
  /** Where `hooks/`, `shims/` and `bin/with-guard` go; `root` by default. */
  readonly outDirectory?: string;
  readonly envPrefix?: string;
  /** Compare only, write nothing. */
  readonly check?: boolean;
}

export type GenerateResult =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'stale'; readonly drift: Drift }
  | {
      readonly kind: 'written';
      readonly written: readonly string[];
      readonly removed: readonly string[];
      /** Strangers' files in `hooks/` and `shims/`: left alone. */
      readonly foreign: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

function filesBelow(directory: string, below = ''): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesBelow(directory, path));
    else found.push(path);
  }
  return found.sort();
}

function isMissing(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ENOENT' || error.code === 'ENOTDIR';
}

/** Reads a file; null when there is none. Other failures (permissions, a directory in its place) are thrown. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Every template below `root/templates`, sorted by path; empty when there is no such directory. What editors leave behind (`*~`, `.*`, `#*`) is no template. */
export function readTemplates(root: string): readonly Template[] {
  const directory = join(root, 'templates');
  try {
    return filesBelow(directory)
      .filter((path) => !/(^|\/)[.#]|~$/.test(path))
      .map((path) => ({ path, text: readFileSync(join(directory, path), 'utf8') }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isUpToDate(file: GeneratedFile, outDirectory: string): boolean {
  const path = join(outDirectory, file.path);
  if (readIfThere(path) !== file.text) return false;
  const status = lstatSync(path);
  // Only the owner's bit: the others depend on the umask of whoever checked the repository out.
  return status.isFile() && ((status.mode & 0o100) !== 0) === file.executable;
}

function strangers(files: readonly GeneratedFile[], outDirectory: string): string[] {
  const ours = new Set(files.map((file) => file.path));
  return ownDirectories.flatMap((directory) => {
    try {
      return (
        filesBelow(join(outDirectory, directory))
          .map((path) => `${directory}/${path}`)
          // What Python compiles is its own business.
          .filter((path) => !ours.has(path) && !path.includes('/__pycache__/'))
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  });
}

/** Compares `files` with what lies below `outDirectory`; writes nothing. */
function checkGenerated(files: readonly GeneratedFile[], outDirectory: string): Drift {
  const missing = files.filter((file) => readIfThere(join(outDirectory, file.path)) === null);
  const stale = files.filter((file) => !missing.includes(file) && !isUpToDate(file, outDirectory));
  return {
    stale: stale.map((file) => file.path),
    missing: missing.map((file) => file.path),
    foreign: strangers(files, outDirectory),
  };
}

/** Publishes the text whole: a shell that is just reading the old file keeps reading the old file. */
function publish(file: GeneratedFile, outDirectory: string): void {
  const path = join(outDirectory, file.path);
  const temporary = join(dirname(path), `.${process.pid}.tmp`);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, file.text);
    chmodSync(temporary, file.executable ? 0o755 : 0o644);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Writes what differs, and removes files of an earlier generation (known by their header) that no template gives any more.
 * File system failures (read-only, full) are thrown.
 */
function writeGenerated(
  files: readonly GeneratedFile[],
  outDirectory: string,
): {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly foreign: readonly string[];
} {
  const outdated = files.filter((file) => !isUpToDate(file, outDirectory));
  for (const file of outdated) publish(file, outDirectory);
  const others = strangers(files, outDirectory);
  const removed = others.filter((path) =>
    readIfThere(join(outDirectory, path))
      ?.split('\n', 2)
      .some((line) => line.includes(generatedMark)),
  );
  for (const path of removed) rmSync(join(outDirectory, path));
  return {
    written: outdated.map((file) => file.path),
    removed,
    foreign: others.filter((path) => !removed.includes(path)),
  };
}

/** What `test-governor generate [--check]` does: renders `root/templates` and writes, or compares, the result. */
export function generate(options: GenerateOptions): GenerateResult {
  const templates = readTemplates(options.root);
  if (templates.length === 0) {
    return { kind: 'invalid', problems: [`${join(options.root, 'templates')}: no templates there`] };
  }
  const rendered = render(templates, options.envPrefix === undefined ? {} : { envPrefix: options.envPrefix });
  if (rendered.kind === 'invalid') return rendered;
  const outDirectory = options.outDirectory ?? options.root;
  if (options.check === true) {
    const drift = checkGenerated(rendered.files, outDirectory);
    const fresh = [...drift.stale, ...drift.missing, ...drift.foreign].length === 0;
    return fresh ? { kind: 'fresh' } : { kind: 'stale', drift };
  }
  return { kind: 'written', ...writeGenerated(rendered.files, outDirectory) };
}
