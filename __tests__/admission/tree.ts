import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A recorded tree of files, by absolute path. */
export type Files = Readonly<Record<string, string>>;

/** Writes a recorded tree below `root`, which then stands for `/`. */
export function plant(root: string, files: Files): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const gib = 1024 ** 3;

/** /proc/meminfo of a machine with 16 GiB, as far as it is read. */
export function meminfo(availableMb: number, totalMb = 16384): string {
  return [
    `MemTotal:       ${totalMb * 1024} kB`,
    `MemFree:          812344 kB`,
    `MemAvailable:   ${availableMb * 1024} kB`,
    '',
  ].join('\n');
}

/** A pressure file with this `some avg10`. */
export function pressure(avg10: number, totalUs = 1234): string {
  return `some avg10=${avg10.toFixed(2)} avg60=1.00 avg300=0.50 total=${totalUs}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`;
}

/** No limits: a process in the root group of a pure v2 machine. */
export const plainMachine: Files = {
  '/proc/meminfo': meminfo(12_000),
  '/proc/loadavg': '0.42 0.50 0.55 2/900 4321\n',
  '/proc/self/cgroup': '0::/\n',
  '/proc/self/mountinfo':
    '29 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n',
  '/proc/pressure/memory': pressure(0),
  '/proc/pressure/cpu': pressure(3.5),
  '/proc/pressure/io': pressure(0.1),
};

/** A user's service below systemd slices, each with limits of its own; the tightest is in the middle. */
export const nestedGroups: Files = {
  ...plainMachine,
  '/proc/self/cgroup': '0::/user.slice/user-1000.slice/session 2.scope\n',
  '/sys/fs/cgroup/user.slice/memory.max': `${12 * gib}\n`,
  '/sys/fs/cgroup/user.slice/memory.current': `${2 * gib}\n`,
  '/sys/fs/cgroup/user.slice/memory.stat': 'anon 1\ninactive_file 0\nactive_file 0\n',
  '/sys/fs/cgroup/user.slice/user-1000.slice/memory.max': 'max\n',
  '/sys/fs/cgroup/user.slice/user-1000.slice/memory.high': `${4 * gib}\n`,
  '/sys/fs/cgroup/user.slice/user-1000.slice/memory.current': `${3 * gib}\n`,
  '/sys/fs/cgroup/user.slice/user-1000.slice/memory.stat': `anon 5\ninactive_file ${gib / 2}\nactive_file ${gib / 4}\n`,
  '/sys/fs/cgroup/user.slice/user-1000.slice/memory.pressure': pressure(12),
  '/sys/fs/cgroup/user.slice/user-1000.slice/session 2.scope/memory.max': 'max\n',
  '/sys/fs/cgroup/user.slice/cpu.max': '250000 100000\n',
  '/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max': 'max 100000\n',
};

/** A container with cgroup v1 and without a cgroup namespace: the mounts show only its own part of each hierarchy. */
export const v1Container: Files = {
  ...plainMachine,
  '/proc/self/cgroup':
    '12:memory:/docker/abc\n5:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/system.slice/containerd.service\n',
  '/proc/self/mountinfo': [
    '812 811 0:33 /docker/abc /sys/fs/cgroup/memory ro,nosuid master:18 - cgroup cgroup rw,memory',
    '813 811 0:34 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:19 - cgroup cgroup rw,cpu,cpuacct',
    '814 811 0:28 /docker/abc /sys/fs/cgroup/systemd ro,nosuid master:11 - cgroup systemd rw,xattr,name=systemd',
    '',
  ].join('\n'),
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${2 * gib}\n`,
  '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${gib}\n`,
  '/sys/fs/cgroup/memory/memory.stat': `cache 9\ninactive_file 1\ntotal_inactive_file ${gib / 4}\ntotal_active_file 0\n`,
  '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '150000\n',
  '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
};

/** Both versions side by side and no limit anywhere: v1 writes "none" as the largest number of pages. */
export const hybridMachine: Files = {
  ...plainMachine,
  '/proc/self/cgroup': '4:memory:/process/1\n2:cpuacct:/\n1:cpu:/\n0::/\n',
  '/proc/self/mountinfo': [
    '31 30 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
    '34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
    '40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    '',
  ].join('\n'),
  '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/memory/process/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/memory/process/1/memory.limit_in_bytes': '9223372036854771712\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
  '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
};

/** A container with cgroup v2 and its own cgroup namespace, in which a path above its own root shows as `/../`. */
export const v2Container: Files = {
  ...plainMachine,
  '/proc/self/cgroup': '0::/../other\n',
  '/sys/fs/cgroup/memory.max': `${gib}\n`,
  '/sys/fs/cgroup/memory.current': `${gib / 2}\n`,
  '/sys/fs/cgroup/cpu.max': '50000 100000\n',
};
