import { readdirSync, readFileSync } from 'node:fs';
import { readIdentity } from '../process-identity.ts';
import type { FoundRun } from '../queue/strays.ts';

/** The value of a variable in the environment with which a process was started; null when it has none or cannot be read. */
function variableOf(environment: string, name: string): string | null {
  const start = `\0${environment}`.indexOf(`\0${name}=`);
  if (start === -1) return null;
  const from = start + name.length + 1;
  const end = environment.indexOf('\0', from);
  return environment.slice(from, end === -1 ? undefined : end);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Gone, or another user's.
    return '';
  }
}

/**
 * The runs of a queue of which processes live, from the environments of all processes: what is left of a queue whose directory
 * was removed. Null where there is no /proc.
 */
export function findRuns(directory: string, envPrefix: string): readonly FoundRun[] | null {
  let pids: readonly string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return null;
  }
  // Environments are bytes; as latin1 both sides compare byte for byte.
  const wanted = Buffer.from(directory, 'utf8').toString('latin1');
  const found = new Map<string, FoundRun>();
  for (const pid of pids) {
    const environment = environmentOf(pid);
    if (variableOf(environment, `${envPrefix}_GOVERNED_QUEUE`) !== wanted) continue;
    const id = variableOf(environment, `${envPrefix}_GOVERNED_LEASE`);
    if (id === null || found.has(id)) continue;
    found.set(id, {
      id,
      holder: readIdentity(variableOf(environment, `${envPrefix}_GOVERNED_HOLDER`) ?? ''),
    });
  }
  return [...found.values()];
}
