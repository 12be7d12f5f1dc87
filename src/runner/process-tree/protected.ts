import type { ProcessSource } from './process-source.ts';

/**
 * Pids that are never signalled, whatever they carry: this process, its ancestors, the first process. A reclaimer may
 * have been started from inside the very run that it ends.
 */
export function protectedPids(source: ProcessSource): ReadonlySet<number> {
  const found = new Set([0, 1, process.pid, process.ppid]);
  let pid = process.ppid;
  for (let row = source.row(pid); row !== null; row = source.row(pid)) {
    pid = row.parent;
    if (found.has(pid)) break;
    found.add(pid);
  }
  return found;
}
