import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PackageFacts, PackageReader } from './policy/verdict.ts';
import { readText, upward } from './repository.ts';

/** How deep `**` in a workspace pattern is followed. */
const maximumDepth = 4;
/** Directories that no workspace pattern enters. */
const skipped = new Set(['node_modules', '.git', 'dist', 'build']);

interface Manifest extends PackageFacts {
  readonly workspaces: readonly string[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringEntries(value: unknown): Record<string, string> {
  const entries: Record<string, string> = Object.create(null);
  if (!isRecord(value)) return entries;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'string') entries[key] = entry;
  }
  return entries;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function parseManifest(directory: string, text: string): Manifest | null {
  let parsed: unknown;
  try {
    // npm strips a byte order mark before it parses; so do we.
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  const { workspaces } = parsed;
  return {
    directory,
    name: typeof parsed.name === 'string' ? parsed.name : null,
    scripts: stringEntries(parsed.scripts),
    workspaces: strings(isRecord(workspaces) ? workspaces.packages : workspaces),
  };
}

/** The items of a YAML list on one line, without its brackets. */
function flowItems(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim().replace(/^(['"])(.*)\1$/, '$2'))
    .filter((item) => item !== '');
}

/** The `packages:` list of a pnpm-workspace.yaml, one item a line as pnpm's own docs show it, or all on one line. */
function pnpmPatterns(text: string): readonly string[] {
  const patterns: string[] = [];
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^[^\s#-]/.test(line)) inside = /^packages\s*:/.test(line);
    const flow = /^packages\s*:\s*\[(.*)\]/.exec(line)?.[1];
    if (flow !== undefined) patterns.push(...flowItems(flow));
    const item = /^\s*-\s*(?:'([^']*)'|"([^"]*)"|([^#]+?))\s*(?:#.*)?$/.exec(line);
    const value = item?.[1] ?? item?.[2] ?? item?.[3];
    if (inside && value !== undefined) patterns.push(value);
  }
  return patterns;
}

function subdirectories(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function expand(base: string, segments: readonly string[], depth: number): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [base];
  if (segment === '' || segment === '.') return expand(base, rest, depth);
  if (segment === '**') {
    const here = expand(base, rest, depth);
    if (depth >= maximumDepth) return here;
    return [
      ...here,
      ...subdirectories(base).flatMap((name) => expand(join(base, name), segments, depth + 1)),
    ];
  }
  if (!segment.includes('*')) return expand(join(base, segment), rest, depth);
  const pattern = new RegExp(
    `^${segment
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('[^/]*')}$`,
  );
  return subdirectories(base)
    .filter((name) => pattern.test(name))
    .flatMap((name) => expand(join(base, name), rest, depth));
}

/**
 * Reads package.json files for the policy and remembers each answer for the life of the reader (one command's
 * decision, or one batch). Files that cannot be read or parsed count as absent: the policy then has no opinion.
 */
export function createPackageReader(): PackageReader {
  const manifests = new Map<string, Manifest | null>();
  /** Directories with a package.json that cannot be read or parsed, and those without one. */
  const isBroken = new Map<string, boolean>();

  function manifestAt(directory: string): Manifest | null {
    const known = manifests.get(directory);
    if (known !== undefined) return known;
    const text = readText(join(directory, 'package.json'));
    const manifest = text === null ? null : parseManifest(directory, text);
    manifests.set(directory, manifest);
    return manifest;
  }

  function isBrokenAt(directory: string): boolean {
    const known = isBroken.get(directory);
    if (known !== undefined) return known;
    const found = existsSync(join(directory, 'package.json'));
    isBroken.set(directory, found);
    return found;
  }

  function patternsAt(directory: string): readonly string[] {
    const pnpm = readText(join(directory, 'pnpm-workspace.yaml'));
    if (pnpm !== null) return pnpmPatterns(pnpm);
    const patterns = manifestAt(directory)?.workspaces ?? [];
    if (patterns.length > 0) return patterns;
    const lerna = readText(join(directory, 'lerna.json'));
    if (lerna === null) return [];
    try {
      const parsed: unknown = JSON.parse(lerna);
      return isRecord(parsed) ? strings(parsed.packages) : [];
    } catch {
      return [];
    }
  }

  function members(directory: string): readonly PackageFacts[] {
    for (const root of upward(directory)) {
      const patterns = patternsAt(root);
      if (patterns.length === 0) continue;
      const excluded = new Set(
        patterns.filter((p) => p.startsWith('!')).flatMap((p) => expand(root, p.slice(1).split('/'), 0)),
      );
      const directories = new Set(
        patterns.filter((p) => !p.startsWith('!')).flatMap((p) => expand(root, p.split('/'), 0)),
      );
      const found = [...directories].filter((member) => !excluded.has(member)).map(manifestAt);
      return found.filter((manifest) => manifest !== null);
    }
    return [];
  }

  return {
    at: manifestAt,
    nearest(directory) {
      for (const candidate of upward(directory)) {
        const manifest = manifestAt(candidate);
        // A file that is broken stops npm too: it does not go on to the one above.
        if (manifest !== null || isBrokenAt(candidate)) return manifest;
      }
      return null;
    },
    members,
    member(directory, selector) {
      const byPath = manifestAt(resolve(directory, selector));
      const byName = members(directory).find(
        (candidate) => candidate.name === selector || candidate.name?.replace(/^@[^/]+\//, '') === selector,
      );
      return byName ?? byPath;
    },
  };
}
