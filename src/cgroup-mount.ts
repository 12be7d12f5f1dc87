/** A control group hierarchy that is mounted, as this process sees it. */
export interface CgroupMount {
  readonly version: 1 | 2;
  /** The controllers of a v1 hierarchy; a v2 hierarchy has them by the files that are there. */
  readonly controllers: readonly string[];
  readonly mountPoint: string;
  /** Which directory of the hierarchy is mounted there; not `/` in a container without a cgroup namespace. */
  readonly mountedRoot: string;
}

/** mountinfo writes space, tab, newline and backslash as `\040` and so on (proc_pid_mountinfo(5)). */
function unescapeMount(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Reads one line of `/proc/<pid>/mountinfo`; null for what is no control group hierarchy. */
export function parseCgroupMount(line: string): CgroupMount | null {
  // A machine with many containers has thousands of mounts; nearly all of them are told by this.
  if (!line.includes(' - cgroup')) return null;
  const [before = '', after = ''] = line.split(' - ', 2);
  const [, , , mountedRoot, mountPoint] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  if (mountedRoot === undefined || mountPoint === undefined || (type !== 'cgroup' && type !== 'cgroup2')) {
    return null;
  }
  return {
    version: type === 'cgroup2' ? 2 : 1,
    controllers: options.split(','),
    mountPoint: unescapeMount(mountPoint),
    mountedRoot: unescapeMount(mountedRoot),
  };
}

/** Where a process is in one hierarchy. */
export interface CgroupMembership {
  /** `0` for the v2 hierarchy. */
  readonly id: string;
  /** None for the v2 hierarchy. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Reads one line of `/proc/<pid>/cgroup` (cgroups(7)); null for what is none. */
export function parseCgroupMembership(line: string): CgroupMembership | null {
  const [id = '', controllers = '', ...rest] = line.split(':');
  const path = rest.join(':');
  const names = controllers.split(',').filter((name) => name !== '');
  return path.startsWith('/') ? { id, controllers: names, path } : null;
}
