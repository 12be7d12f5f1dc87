import { readFileSync } from 'node:fs';
import type { Environment } from './env.ts';

/** Reads the environment with which a process was started; null when it cannot be read. */
export type EnvironmentReader = (pid: number) => Environment | null;

/** Linux: `/proc/<pid>/environ` (proc_pid_environ(5)), readable for one's own processes. Elsewhere nothing can be read. */
export function readProcEnvironment(pid: number): Environment | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return null;
  }
  const environment: Record<string, string> = {};
  for (const entry of text.split('\0')) {
    const end = entry.indexOf('=');
    if (end > 0) environment[entry.slice(0, end)] = entry.slice(end + 1);
  }
  return environment;
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
  for (const pid of ancestors) {
    const above = read(pid);
    if (above !== null && isMarked(above)) {
      const ours = Object.entries(above).filter(([name]) => name.startsWith(`${envPrefix}_`));
      return { ...Object.fromEntries(ours), ...environment };
    }
  }
  return environment;
}
