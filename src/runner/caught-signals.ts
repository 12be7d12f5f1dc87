import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** True when a process has a handler of its own for a signal (SigCgt, proc_pid_status(5)); false where that cannot be read. */
export function catchesSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    const caught = /^SigCgt:\t([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    // It has ended, or there is no /proc.
    return false;
  }
}
