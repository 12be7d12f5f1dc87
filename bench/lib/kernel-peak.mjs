// The most memory that a program and everything below it had at one moment, as the kernel counted it in a control group of our own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where this process may make groups that count memory, and the file that tells the peak of one; null where it may not. */
function findPlace() {
  for (const line of readFileSync('/proc/self/cgroup', 'latin1').trim().split('\n')) {
    const [, controllers, ...rest] = line.split(':');
    const path = rest.join(':');
    if (controllers.split(',').includes('memory')) {
      return { directory: join('/sys/fs/cgroup/memory', path), file: 'memory.max_usage_in_bytes' };
    }
    const unified = join('/sys/fs/cgroup', path);
    if (controllers === '' && existsSync(join(unified, 'memory.peak'))) {
      return { directory: unified, file: 'memory.peak' };
    }
  }
  return null;
}

let groups = 0;

/**
 * Runs a program to its end in a group of its own. Throws where no group can be made and when the program fails.
 * @returns megabytes
 */
export function kernelPeakMb(file, args, options) {
  const place = findPlace();
  if (place === null) throw new Error('these figures need a control group that counts memory');
  const group = join(place.directory, `test-governor-bench-${process.pid}-${groups++}`);
  mkdirSync(group);
  try {
    // The shell goes in before it becomes the program: everything that the program touches is counted.
    const enter = 'echo $$ >"$0/cgroup.procs" && exec "$@"';
    const { status, stderr } = spawnSync('sh', ['-c', enter, group, file, ...args], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0) throw new Error(`${file} ended with ${status}: ${String(stderr).slice(-500)}`);
    return Number(readFileSync(join(group, place.file), 'latin1')) / 1024 ** 2;
  } finally {
    rmdirSync(group);
  }
}
