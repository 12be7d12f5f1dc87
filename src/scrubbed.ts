import { readFileSync } from 'node:fs';
import type { Environment } from './env.ts';

/** Gives the environment with which a process was started, as `NAME=value` entries with NUL bytes between; null when it cannot be read. */
export type EnvironmentReader = (pid: number) => string | null;

/** Linux: `/proc/<pid>/environ` (proc_pid_environ(5)), readable for one's own processes. Elsewhere nothing can be read. */
export function readProcEnvironment(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return null;
  }
}

/** The variables of an environment whose names begin with `prefix`. */
function variablesWith(prefix: string, entries: string): Environment {
  const found: Record<string, string> = {};
  for (const entry of entries.split('\0')) {
    const end = entry.indexOf('=');
    if (end > 0 && entry.startsWith(prefix)) found[entry.slice(0, end)] = entry.slice(end + 1);
  }
  return found;
}

/** What the guard, and a governed run, export to all that is below them: what has one of them was not scrubbed. */
const marks: readonly string[] = ['GUARD_ROOT', 'GOVERNED_CONTEXT'];

/**
 * The environment of a command, with our variables put back where something on the way took them: turbo's strict mode gives
 * its tasks PATH and NODE_OPTIONS, and so our shims and the preload, but not the mode, the state directory or the decision
 * that were set above. They are taken from the nearest ancestor that has them; what the command has itself stays.
 * @param ancestors pids, nearest first.
 */
export function withoutScrubbing(
  environment: Environment,
  envPrefix: string,
  ancestors: Iterable<number>,
  read: EnvironmentReader = readProcEnvironment,
): Environment {
  const isMarked = (one: Environment) => marks.some((mark) => one[`${envPrefix}_${mark}`]);
  if (isMarked(environment)) return environment;
  const prefix = `${envPrefix}_`;
  for (const pid of ancestors) {
    const entries = read(pid);
    // Most of what is above has nothing of ours, and is not taken apart.
    if (entries === null || !entries.includes(prefix)) continue;
    const ours = variablesWith(prefix, entries);
    if (isMarked(ours)) return { ...ours, ...environment };
  }
  return environment;
}
