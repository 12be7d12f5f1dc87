import { type Environment, isOn, readVariable } from '../env.ts';
import { type QueueScope, scopeFrom } from '../queue/scope.ts';

/** How one governed run is queued and limited. */
export interface RunSettings {
  readonly scope: QueueScope;
  /** How long to wait in the queue, in milliseconds; null for ever. */
  readonly queueTimeoutMs: number | null;
  /** How long the run may take, in milliseconds; null for ever. */
  readonly runTimeoutMs: number | null;
  /** Between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs: number;
  /** The policy override with which it was started. */
  readonly overridesPolicy: boolean;
  /** Why it skips the queue; null when it does not. */
  readonly uncounted: 'overload' | 'ci' | null;
  /** Control groups may be used. */
  readonly usesCgroups: boolean;
}

export type SettingsResult =
  | { readonly kind: 'ok'; readonly settings: RunSettings }
  /** A sentence that names the variable and what was expected. */
  | { readonly kind: 'invalid'; readonly sentence: string };

/** Limits in seconds that a repository's config may set. */
export interface ConfiguredLimits {
  readonly queueTimeoutSeconds?: number | undefined;
  readonly testTimeoutSeconds?: number | undefined;
  readonly killGraceSeconds?: number | undefined;
}

/** Two hours: longer than any line that still moves, and an end for one that does not. */
export const defaultQueueTimeoutSeconds = 7200;

/** One hour: a suite that hangs must not hold the queue for a night. */
export const defaultTestTimeoutSeconds = 3600;

/** As long as Jenkins and Docker users are used to wait between SIGTERM and SIGKILL, give or take. */
export const defaultKillGraceSeconds = 5;

/** The longest time that a timer of node takes (2^31 - 1 ms), in seconds. */
export const longestSeconds = 2_147_483;

/** Reads a number of seconds; `unknown` holds what is no number. 0 stands for no limit. */
function secondsFrom(
  environment: Environment,
  envPrefix: string,
  name: string,
  fallback: number,
): number | { readonly sentence: string } {
  const text = readVariable(environment, envPrefix, name);
  if (text === undefined) return fallback;
  const seconds = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  return seconds <= longestSeconds
    ? seconds
    : {
        sentence: `${envPrefix}_${name}=${JSON.stringify(text)} is no number of seconds between 0 (no limit) and ${longestSeconds}`,
      };
}

function limitMs(seconds: number): number | null {
  return seconds === 0 ? null : seconds * 1000;
}

/**
 * Reads the settings of a run: the environment's, else the config's, else the defaults. `CI=true` turns the queue off unless
 * `…_CI_QUEUE=1`; `…_ALLOW_OVERLOAD=1` always does.
 */
export function readSettings(
  environment: Environment,
  envPrefix: string,
  limits: ConfiguredLimits = {},
): SettingsResult {
  const read = (name: string, configured: number | undefined, fallback: number) =>
    secondsFrom(environment, envPrefix, name, configured ?? fallback);
  const queueTimeout = read('QUEUE_TIMEOUT', limits.queueTimeoutSeconds, defaultQueueTimeoutSeconds);
  const testTimeout = read('TEST_TIMEOUT', limits.testTimeoutSeconds, defaultTestTimeoutSeconds);
  const grace = read('KILL_GRACE', limits.killGraceSeconds, defaultKillGraceSeconds);
  const scope = scopeFrom(environment, envPrefix);
  if (typeof queueTimeout === 'object') return { kind: 'invalid', ...queueTimeout };
  if (typeof testTimeout === 'object') return { kind: 'invalid', ...testTimeout };
  if (typeof grace === 'object') return { kind: 'invalid', ...grace };
  if (typeof scope === 'object') {
    const sentence = `${envPrefix}_TEST_LOCK_SCOPE=${JSON.stringify(scope.unknown)} is no scope (repo, machine)`;
    return { kind: 'invalid', sentence };
  }
  const variable = (name: string) => isOn(readVariable(environment, envPrefix, name));
  const isCI = isOn(environment.CI) && !variable('CI_QUEUE');
  return {
    kind: 'ok',
    settings: {
      scope,
      queueTimeoutMs: limitMs(queueTimeout),
      runTimeoutMs: limitMs(testTimeout),
      graceMs: grace * 1000,
      overridesPolicy: variable('ALLOW_BYPASS_POLICY'),
      uncounted: variable('ALLOW_OVERLOAD') ? 'overload' : isCI ? 'ci' : null,
      usesCgroups: readVariable(environment, envPrefix, 'CGROUPS')?.toLowerCase() !== 'off',
    },
  };
}
