import { existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, writeFile, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { below } from '../../below.ts';
import { monotonicMs } from '../../clock.ts';
import { type Environment, isOn, readVariable } from '../../env.ts';
import { errorCode } from '../../error-code.ts';
import { locateCgroups } from './cgroup-location.ts';
import { readKernelFile } from './linux-source.ts';
import { pause } from './pause.ts';
import { cgroupName, isUsableCookie } from './work.ts';

/** False when `<PREFIX>_CGROUPS` is off: runs are then known by cookie and descent alone, as where there are no groups. */
export function areCgroupsEnabled(environment: Environment, prefix: string): boolean {
  const value = readVariable(environment, prefix, 'CGROUPS');
  return value === undefined || isOn(value);
}

/** Makes one group; null when it cannot be made or cannot hold processes. */
function makeGroup(parent: string, name: string): string | null {
  const directory = below(parent, name);
  try {
    mkdirSync(directory);
  } catch {
    // Read-only or someone else's (a session scope of systemd, a container), or the limit of groups is reached.
    return null;
  }
  // A group below a threaded one is `domain invalid`: no process can go in (cgroups(7), thread mode).
  // Version 1 has no such file.
  const type = readKernelFile(below(directory, 'cgroup.type'))?.trim() ?? 'domain';
  if (type === 'domain' && existsSync(below(directory, 'cgroup.procs'))) return directory;
  tryRemove(directory);
  return null;
}

/** An empty group of ours that is older than this, in milliseconds, belongs to a run that was killed before it could remove it. */
const abandonedMs = 60_000;

/** Removes the groups that killed runs have left in `parent`. One with processes in it cannot be removed, whoever they are. */
function removeAbandonedGroups(parent: string): void {
  try {
    for (const name of readdirSync(parent).filter((name) => name.startsWith(cgroupName('')))) {
      const directory = below(parent, name);
      const madeAt = lstatSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
      if (Date.now() - madeAt > abandonedMs) tryRemove(directory);
    }
  } catch {
    // Not ours to look at: they cost next to nothing where they are.
    return;
  }
}

/**
 * Makes the control groups of one run, below the groups that this process is in: one in the unified hierarchy (to end,
 * freeze and list the run's processes), and one of version 1's memory controller where the first cannot tell memory.
 * No processes are in them yet (`enterRunCgroups`).
 * @returns their directories; empty where none can be made, which is usual and no error. Never throws.
 */
export function openRunCgroups(
  cookie: string,
  { enabled }: { readonly enabled: boolean },
): readonly string[] {
  if (!enabled || process.platform !== 'linux' || !isUsableCookie(cookie)) return [];
  const own = locateCgroups(
    readKernelFile('/proc/self/cgroup') ?? '',
    readKernelFile('/proc/self/mountinfo') ?? '',
  );
  const name = cgroupName(cookie);
  const unified = own.unified === null ? null : makeGroup(own.unified, name);
  const knowsMemory = unified !== null && existsSync(below(unified, 'memory.peak'));
  const memory = own.memoryV1 === null || knowsMemory ? null : makeGroup(own.memoryV1, name);
  const made = [unified, memory].filter((directory) => directory !== null);
  for (const directory of made) removeAbandonedGroups(dirname(directory));
  return made;
}

/** Groups that the run made below its own (a test of containers does), deepest last. */
function subgroups(directory: string): readonly string[] {
  // A directory's link count is 2 and one for each directory in it: most groups have none, and need no listing.
  const links = lstatSync(directory, { throwIfNoEntry: false })?.nlink ?? 0;
  if (links === 2 || links === 0) return [];
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => below(directory, entry.name))
      .flatMap((child) => [child, ...subgroups(child)]);
  } catch {
    // Removed meanwhile.
    return [];
  }
}

/** The pids in some groups and in those below them. Zombies are in none. */
export function cgroupPids(directories: readonly string[]): readonly number[] {
  return directories
    .flatMap((directory) => [directory, ...subgroups(directory)])
    .flatMap((directory) => (readKernelFile(below(directory, 'cgroup.procs')) ?? '').split('\n'))
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Whether there are processes in a group or below it; null when it cannot be seen. Costs one small read. */
export function isPopulated(directory: string): boolean | null {
  const file = below(directory, 'cgroup.events');
  // Version 1 has no such file. Asked for first: a read that fails takes ten times as long, and the next run waits.
  const events = existsSync(file) ? readKernelFile(file) : null;
  if (events !== null) return events.split('\n').includes('populated 1');
  const members = readKernelFile(below(directory, 'cgroup.procs'));
  return members === null ? null : members !== '' || cgroupPids(subgroups(directory)).length > 0;
}

/** Writes into a group's file; false when there is no such file or the kernel refuses. */
function tell(directory: string, file: string, value: string): boolean {
  try {
    // Without O_CREAT: a directory that is no control group gets no file from us.
    writeFileSync(below(directory, file), value, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** Kills all processes in a group and below it at once, also those that are being forked (Linux 5.14). */
export function killCgroup(directory: string): boolean {
  return tell(directory, 'cgroup.kill', '1');
}

/** Freezes or thaws a group (Linux 5.2). Freezing takes a moment: `isFrozen` tells. */
export function setFrozen(directory: string, frozen: boolean): boolean {
  return tell(directory, 'cgroup.freeze', frozen ? '1' : '0');
}

/** True when every process in a group is frozen. */
export function isFrozen(directory: string): boolean {
  return (readKernelFile(below(directory, 'cgroup.events')) ?? '').split('\n').includes('frozen 1');
}

/** Moves a process into a group; false when it has gone or the kernel refuses. Takes milliseconds, off this thread. */
export function moveInto(directory: string, pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    writeFile(below(directory, 'cgroup.procs'), String(pid), { flag: 'r+' }, (error) =>
      resolve(error === null),
    );
  });
}

function tryRemove(directory: string): 'gone' | 'busy' | 'refused' {
  try {
    rmdirSync(directory);
    return 'gone';
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
        return 'gone';
      case 'EBUSY':
        return 'busy';
      default:
        return 'refused';
    }
  }
}

/** The kernel may hold an emptied group for a moment. */
const removalMs = 500;

async function removeGroup(directory: string): Promise<boolean> {
  const deadline = monotonicMs() + removalMs;
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    for (const child of [...subgroups(directory)].reverse()) tryRemove(child);
    const outcome = tryRemove(directory);
    switch (outcome) {
      case 'gone':
        return true;
      case 'refused':
        return false;
      case 'busy':
        if (monotonicMs() > deadline) return false;
        break;
      default:
        return outcome satisfies never;
    }
    await pause(wait);
  }
}

/**
 * Removes a run's groups (`runCgroups`) and those below them; waits up to half a second for busy ones. Whoever reclaims
 * a dead run's lease calls this as well.
 * @returns false when processes are left in one or it may not be removed.
 */
export async function removeRunCgroups(directories: readonly string[]): Promise<boolean> {
  const removed = await Promise.all(directories.map(removeGroup));
  return removed.every((done) => done);
}
