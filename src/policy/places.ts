import { dirname, relative, resolve } from 'node:path';
import { patternValue } from './argument.ts';
import type { Place } from './launchers/launcher.ts';
import { starPattern } from './patterns.ts';
import type { PackageFacts, PackageReader } from './verdict.ts';

/** The directory of the workspace's root package around `directory`: above the members, itself none; else the nearest package. */
export function workspaceRoot(packages: PackageReader, directory: string): PackageFacts | null {
  const members = packages.members(directory);
  let current = directory;
  for (;;) {
    const found = packages.at(current);
    const isMember = members.some((member) => member.directory === current);
    const holdsMembers = members.some((member) =>
      member.directory.startsWith(`${current.replace(/\/$/, '')}/`),
    );
    if (found !== null && !isMember && holdsMembers) return found;
    const parent = dirname(current);
    if (parent === current) return packages.nearest(directory);
    current = parent;
  }
}

/** A workspace selector without pnpm's and turbo's decorations: `...pkg^`, `pkg...`, `{dir}`, `./dir`. */
function plainSelector(selector: string): string {
  return selector
    .replace(/^\.\.\.\^?/, '')
    .replace(/\^?\.\.\.$/, '')
    .replace(/^\{(.*)\}$/, '$1');
}

function selected(
  packages: PackageReader,
  directory: string,
  selector: string,
  takesDirectories: boolean,
): readonly PackageFacts[] {
  const plain = plainSelector(selector);
  if (plain.startsWith('[') || plain.startsWith('!')) return packages.members(directory);
  if (!plain.includes('*')) {
    const member = packages.member(directory, plain);
    if (member !== null || !takesDirectories) return member === null ? [] : [member];
    const below = `${resolve(directory, plain)}/`;
    return packages.members(directory).filter((each) => each.directory.startsWith(below));
  }
  const pattern = starPattern(plain.replace(/^\.\//, ''), '.*');
  return packages
    .members(directory)
    .filter(
      (member) => pattern.test(member.name ?? '') || pattern.test(relative(directory, member.directory)),
    );
}

/** The packages in which something started at `place` runs. */
export function packagesAt(
  packages: PackageReader,
  cwd: string | null,
  place: Place | null,
): readonly PackageFacts[] {
  if (cwd === null) return [];
  if (place === null) return [packages.nearest(cwd)].filter((found) => found !== null);
  switch (place.kind) {
    case 'path': {
      const directory = directoryAt(packages, cwd, place);
      const found =
        directory === null ? null : place.isPackage ? packages.at(directory) : packages.nearest(directory);
      return found === null ? [] : [found];
    }
    case 'members':
      return place.selectors.flatMap((selector) => {
        const pattern = patternValue(selector);
        return pattern === null ? [] : selected(packages, cwd, pattern, place.takesDirectories);
      });
    case 'all-members': {
      const members = packages.members(cwd);
      const root = place.withRoot ? workspaceRoot(packages, cwd) : null;
      return root === null || members.includes(root) ? members : [root, ...members];
    }
    case 'workspace-root':
      return [workspaceRoot(packages, cwd)].filter((found) => found !== null);
    default:
      return place satisfies never;
  }
}

/** The directory in which something started at `place` runs; null when there is no one known directory. */
export function directoryAt(packages: PackageReader, cwd: string | null, place: Place | null): string | null {
  if (place === null || cwd === null) return cwd;
  if (place.kind === 'path') return place.path.source === null ? resolve(cwd, place.path.value) : null;
  const found = packagesAt(packages, cwd, place);
  return found.length === 1 ? (found[0]?.directory ?? null) : null;
}
