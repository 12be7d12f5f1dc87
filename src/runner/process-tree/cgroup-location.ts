import { type CgroupMount, parseCgroupMembership, parseCgroupMount } from '../../cgroup-mount.ts';

/** The control groups that a process is in, as directories; null where there is none or it cannot be reached. */
export interface CgroupLocation {
  /** In the unified hierarchy, cgroups(7); on hybrid systems it has no controllers. */
  readonly unified: string | null;
  /** In the memory controller's own hierarchy of version 1. */
  readonly memoryV1: string | null;
}

/**
 * The directory of the group `path` under a mount. Null when it lies outside of what is mounted there: a container sees
 * its own part only, and inside a cgroup namespace what is above begins with `/..`.
 */
function directoryUnder({ mountedRoot: root, mountPoint: point }: CgroupMount, path: string): string | null {
  if (path.split('/').includes('..') || root.split('/').includes('..')) return null;
  const inner =
    root === '/' ? path : path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : null;
  if (inner === null) return null;
  return inner === '/' || inner === '' ? point : `${point}${inner}`;
}

/** The last mount counts, as one that was mounted over another hides it. */
function locate(mounts: readonly CgroupMount[], path: string | undefined): string | null {
  if (path === undefined) return null;
  return (
    mounts.map((mount) => directoryUnder(mount, path)).findLast((directory) => directory !== null) ?? null
  );
}

/** Reads `/proc/<pid>/cgroup` and `/proc/<pid>/mountinfo` of one process. */
export function locateCgroups(cgroup: string, mountinfo: string): CgroupLocation {
  const memberships = cgroup
    .split('\n')
    .map(parseCgroupMembership)
    .filter((membership) => membership !== null);
  const mounts = mountinfo
    .split('\n')
    .map(parseCgroupMount)
    .filter((mount) => mount !== null);
  const unified = memberships.find(({ id }) => id === '0')?.path;
  const memory = memberships.find(({ controllers }) => controllers.includes('memory'))?.path;
  return {
    unified: locate(
      mounts.filter(({ version }) => version === 2),
      unified,
    ),
    memoryV1: locate(
      mounts.filter(({ version, controllers }) => version === 1 && controllers.includes('memory')),
      memory,
    ),
  };
}
