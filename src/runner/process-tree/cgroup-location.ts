/** The control groups that a process is in, as directories; null where there is none or it cannot be reached. */
export interface CgroupLocation {
  /** In the unified hierarchy, cgroups(7); on hybrid systems it has no controllers. */
  readonly unified: string | null;
  /** In the memory controller's own hierarchy of version 1. */
  readonly memoryV1: string | null;
}

interface Mount {
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** The kernel writes space, tab, newline and backslash in paths as octal numbers, proc_pid_mountinfo(5). */
function decodePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function parseMount(line: string): Mount | null {
  const [head, tail] = line.split(' - ');
  const [, , , root, point] = head?.split(' ') ?? [];
  const [type, , options] = tail?.split(' ') ?? [];
  if (root === undefined || point === undefined || type === undefined) return null;
  return { root: decodePath(root), point: decodePath(point), type, options: options?.split(',') ?? [] };
}

/**
 * The directory of the group `path` under a mount. Null when it lies outside of what is mounted there: a container sees
 * its own part only, and inside a cgroup namespace what is above begins with `/..`.
 */
function below({ root, point }: Mount, path: string): string | null {
  if (path.split('/').includes('..') || root.split('/').includes('..')) return null;
  const inner =
    root === '/' ? path : path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : null;
  if (inner === null) return null;
  return inner === '/' || inner === '' ? point : `${point}${inner}`;
}

/** The last mount counts, as one that was mounted over another hides it. */
function locate(mounts: readonly Mount[], path: string | undefined): string | null {
  if (path === undefined) return null;
  return mounts.map((mount) => below(mount, path)).findLast((directory) => directory !== null) ?? null;
}

/** Reads `/proc/<pid>/cgroup` and `/proc/<pid>/mountinfo` of one process. */
export function locateCgroups(cgroup: string, mountinfo: string): CgroupLocation {
  const memberships = cgroup
    .split('\n')
    .map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id, controllers, path]) => ({ id, controllers: controllers?.split(',') ?? [], path }));
  const mounts = mountinfo
    .split('\n')
    .filter((line) => line.includes(' - cgroup'))
    .map(parseMount)
    .filter((mount) => mount !== null);
  const unified = memberships.find(({ id }) => id === '0')?.path;
  const memory = memberships.find(({ controllers }) => controllers.includes('memory'))?.path;
  return {
    unified: locate(
      mounts.filter(({ type }) => type === 'cgroup2'),
      unified,
    ),
    memoryV1: locate(
      mounts.filter(({ type, options }) => type === 'cgroup' && options.includes('memory')),
      memory,
    ),
  };
}
