import { below } from '../below.ts';
import {
  type CgroupMembership,
  type CgroupMount,
  parseCgroupMembership,
  parseCgroupMount,
} from '../cgroup-mount.ts';
import { isDigits } from '../characters.ts';
import { readText } from '../repository.ts';

/** One control group above this process that limits memory; bytes. */
export interface MemoryGroup {
  /** The directory of its files, for further figures. */
  readonly directory: string;
  readonly limit: number;
  /** What its processes use, page cache included; null when it cannot be read. */
  readonly usage: number | null;
  /** The part of `usage` that is page cache of files, which the kernel gives back on demand. */
  readonly cache: number;
}

/** The path of this process within a hierarchy; null when it is not in it. */
function ownPath(hierarchy: CgroupMount, memberships: readonly CgroupMembership[]): string | null {
  const found = memberships.find(({ id, controllers }) =>
    hierarchy.version === 2
      ? id === '0' && controllers.length === 0
      : controllers.some((name) => hierarchy.controllers.includes(name)),
  );
  return found?.path ?? null;
}

/**
 * The directories of this process's group and of all above it that can be seen here, innermost first. A path that does
 * not lie below the mounted root belongs to a group that this mount does not show; then the mount's own
 * directory is all there is to read.
 */
function chain(root: string, hierarchy: CgroupMount, path: string): readonly string[] {
  const { mountedRoot, mountPoint } = hierarchy;
  const prefix = mountedRoot === '/' ? '' : mountedRoot;
  const isBelow = path === mountedRoot || path.startsWith(`${prefix}/`);
  const inside = isBelow ? path.slice(prefix.length).split('/') : [];
  const parts = inside.includes('..') ? [] : inside.filter((part) => part !== '');
  let directory = below(root, mountPoint.slice(1));
  const directories = [directory];
  for (const part of parts) {
    directory = below(directory, part);
    directories.unshift(directory);
  }
  return directories;
}

/** One directory of a control group hierarchy. */
interface GroupDirectory {
  readonly version: 1 | 2;
  readonly path: string;
}

/** The directories, innermost first, in whose files a controller may limit this process. */
export interface ControlGroups {
  readonly memory: readonly GroupDirectory[];
  readonly cpu: readonly GroupDirectory[];
}

const known = new Map<string, readonly CgroupMount[]>();

/** The hierarchies below a root. Read once: who waits for admission looks again and again, and they stay where they are. */
function mountedHierarchies(root: string): readonly CgroupMount[] {
  const hierarchies =
    known.get(root) ??
    (readText(below(root, 'proc/self/mountinfo')) ?? '')
      .split('\n')
      .map(parseCgroupMount)
      .filter((hierarchy) => hierarchy !== null);
  known.set(root, hierarchies);
  return hierarchies;
}

/** What the latest question about a root came to, and what the process was said to be in. */
const latest = new Map<string, { readonly text: string; readonly groups: ControlGroups }>();

/**
 * Finds the control groups, v1 and v2, that this process is in. None where there are none or nothing can be read. Asked again, it only
 * looks whether the process is still in them.
 * @param root stands for `/`, so that a recorded tree of files can be read instead.
 */
export function findControlGroups(root: string): ControlGroups {
  const text = readText(below(root, 'proc/self/cgroup')) ?? '';
  const before = latest.get(root);
  if (before?.text === text) return before.groups;
  const groups = groupsOf(root, text);
  latest.set(root, { text, groups });
  return groups;
}

/** The groups that `/proc/self/cgroup` tells of. */
function groupsOf(root: string, text: string): ControlGroups {
  const memberships = text
    .split('\n')
    .map(parseCgroupMembership)
    .filter((membership) => membership !== null);
  const memory: GroupDirectory[] = [];
  const cpu: GroupDirectory[] = [];
  for (const hierarchy of mountedHierarchies(root)) {
    const { version, controllers } = hierarchy;
    const limitsMemory = version === 2 || controllers.includes('memory');
    const limitsCpu = version === 2 || controllers.includes('cpu');
    if (!limitsMemory && !limitsCpu) continue;
    const path = ownPath(hierarchy, memberships);
    if (path === null) continue;
    const directories = chain(root, hierarchy, path).map((directory) => ({ version, path: directory }));
    if (limitsMemory) memory.push(...directories);
    if (limitsCpu) cpu.push(...directories);
  }
  return { memory, cpu };
}

/** A count of bytes, null for `max`, `-1` and what cannot be read. */
function readCount(directory: string, file: string): number | null {
  const text = readText(below(directory, file))?.trim();
  return text !== undefined && isDigits(text) ? Number(text) : null;
}

function cacheBytes(directory: string, version: 1 | 2): number {
  const text = readText(below(directory, 'memory.stat')) ?? '';
  const pattern = version === 2 ? /^(?:in)?active_file (\d+)$/gm : /^total_(?:in)?active_file (\d+)$/gm;
  let bytes = 0;
  for (const [, figure] of text.matchAll(pattern)) bytes += Number(figure);
  return bytes;
}

/** The limit of a control group in bytes; null where it has none. */
function memoryLimit({ version, path: directory }: GroupDirectory): number | null {
  // Above memory.high a group is throttled and reclaimed without end (cgroup-v2.rst): it limits as much as memory.max.
  const limits =
    version === 2
      ? [readCount(directory, 'memory.max'), readCount(directory, 'memory.high')]
      : [readCount(directory, 'memory.limit_in_bytes')];
  const limit = Math.min(...limits.map((bytes) => bytes ?? Number.POSITIVE_INFINITY));
  // "No limit" in v1 is the largest number of pages that fits 63 bits.
  return limit >= Number.MAX_SAFE_INTEGER ? null : limit;
}

function memoryGroup(group: GroupDirectory): MemoryGroup | null {
  const { version, path: directory } = group;
  const limit = memoryLimit(group);
  if (limit === null) return null;
  return {
    directory,
    limit,
    usage: readCount(directory, version === 2 ? 'memory.current' : 'memory.usage_in_bytes'),
    cache: cacheBytes(directory, version),
  };
}

/** The limits in bytes of the control groups that limit this process's memory; none where nothing does. */
export function memoryLimits(groups: ControlGroups): readonly number[] {
  return groups.memory.map(memoryLimit).filter((limit) => limit !== null);
}

/** Those of the control groups that limit this process's memory; none where nothing does. */
export function memoryGroups(groups: ControlGroups): readonly MemoryGroup[] {
  return groups.memory.map(memoryGroup).filter((group) => group !== null);
}

function quota({ version, path: directory }: GroupDirectory): number | null {
  const [allowed, period] =
    version === 2
      ? (readText(below(directory, 'cpu.max')) ?? '').trim().split(' ').map(Number)
      : [readCount(directory, 'cpu.cfs_quota_us') ?? Number.NaN, readCount(directory, 'cpu.cfs_period_us')];
  const cpus = (allowed ?? Number.NaN) / (period ?? Number.NaN);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : null;
}

/** The CPU quotas, in CPUs (1.5), of the control groups that this process is in; none where there is none. */
export function cpuQuotas(groups: ControlGroups): readonly number[] {
  return groups.cpu.map(quota).filter((cpus) => cpus !== null);
}
