import { errorCode } from '../../error-code.ts';
import { isSameProcess, type ProcessIdentity } from '../../process-identity.ts';
import type { ProcessSource } from './process-source.ts';
import { protectedPids } from './protected.ts';

/** What became of a signal: `refused` when the process is not ours to signal. */
export type Delivery = 'sent' | 'gone' | 'refused';

/** Sends signals to single processes. */
export type Signaller = (process: ProcessIdentity, signal: NodeJS.Signals) => Delivery;

/** Whether the pid still names the process that was seen. */
function isThere(source: ProcessSource, identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  const row = source.row(identity.pid);
  if (row !== null) return isSameProcess(row.identity, identity);
  // While nothing at all can be seen, a stopped run must not stand still for that. Whoever else has the pid hardly notices.
  return signal === 'SIGCONT' && source.pids().length === 0;
}

/**
 * Signals processes one by one, each only while its pid still names the process that was seen, and never ourselves, an
 * ancestor of ours or the first process. Never a process group: the run shares ours.
 */
export function openSignaller(source: ProcessSource): Signaller {
  const untouchable = protectedPids(source);
  return (identity, signal) => {
    if (untouchable.has(identity.pid)) return 'refused';
    if (!isThere(source, identity, signal)) return 'gone';
    try {
      process.kill(identity.pid, signal);
      return 'sent';
    } catch (error) {
      return errorCode(error) === 'ESRCH' ? 'gone' : 'refused';
    }
  };
}
