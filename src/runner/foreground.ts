import { readFileSync } from 'node:fs';
import { fieldsBehindName } from '../process-table.ts';

/** The terminal fields of `/proc/<pid>/stat` (proc_pid_stat(5)): the process group and the terminal's foreground group. */
function groupsFromProc(
  pid: number | 'self',
): { readonly group: number; readonly foreground: number } | null {
  try {
    const fields = fieldsBehindName(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return { group: Number(fields[2]), foreground: Number(fields[5]) };
  } catch {
    // There is no /proc on macOS, or no such process.
    return null;
  }
}

/**
 * True when this process belongs to its terminal's foreground group, so that Ctrl-C reaches everything it started as well.
 * Where that cannot be read, a terminal on stdin stands for it.
 */
export function isInForeground(): boolean {
  const groups = groupsFromProc('self');
  return groups === null
    ? process.stdin.isTTY === true
    : groups.foreground > 0 && groups.group === groups.foreground;
}

/**
 * True when somebody else has the terminal: a shell that has put this process into the background reads there what its user types.
 * False where that cannot be read, and without a controlling terminal.
 */
export function isInBackground(): boolean {
  const groups = groupsFromProc('self');
  return groups !== null && groups.foreground > 0 && groups.group !== groups.foreground;
}

/** True when a process is in our process group, so that what is sent to the group reaches it too; also where that cannot be read. */
export function isInOurGroup(pid: number): boolean {
  const [ours, theirs] = [groupsFromProc('self'), groupsFromProc(pid)];
  return ours === null || theirs === null || ours.group === theirs.group;
}
