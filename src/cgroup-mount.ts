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
  if (!field.includes('\\')) return field;
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Reads one line of `/proc/<pid>/mountinfo`; null for what is no control group hierarchy. */
export function parseCgroupMount(line: string): CgroupMount | null {
  // A machine with many containers has thousands of mounts; nearly all of them are told by this.
  const dash = line.indexOf(' - cgroup');
  if (dash === -1) return null;
  // By their places: to take arrays apart costs a program that has just been started a tenth of a millisecond.
  const before = line.slice(0, dash).split(' ');
  const after = line.slice(dash + ' - '.length).split(' ');
  const type = after[0];
  const mountedRoot = before[3];
  const mountPoint = before[4];
  if (mountedRoot === undefined || mountPoint === undefined || (type !== 'cgroup' && type !== 'cgroup2')) {
    return null;
  }
  return {
    version: type === 'cgroup2' ? 2 : 1,
    controllers: (after[2] ?? '').split(','),
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
  const idEnd = line.indexOf(':');
  const controllersEnd = line.indexOf(':', idEnd + 1);
  if (idEnd === -1 || controllersEnd === -1) return null;
  const controllers = line.slice(idEnd + 1, controllersEnd);
  const path = line.slice(controllersEnd + 1);
  if (!path.startsWith('/')) return null;
  return { id: line.slice(0, idEnd), controllers: controllers === '' ? [] : controllers.split(','), path };
}
