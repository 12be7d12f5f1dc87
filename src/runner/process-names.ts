import { escapeForTerminal } from '../escape.ts';
import type { RunProcess } from './process-tree/work.ts';

/** The names and pids of processes, for one sentence. */
export function nameProcesses(processes: readonly RunProcess[]): string {
  const shown = processes
    .slice(0, 8)
    .map(({ identity, name }) => `${escapeForTerminal(name)} (${identity.pid})`);
  const more = processes.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
