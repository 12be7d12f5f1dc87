import type { LoadedConfig } from '../config.ts';
import { type Environment, isOn, readVariable } from '../env.ts';
import { exitStatus } from '../exit-status.ts';
import { type QueueScope, scopeFrom } from '../queue/scope.ts';
import type { Uncounted } from '../queue/ticket.ts';
import { readSettings, type Settings } from '../settings.ts';
import { areCgroupsEnabled } from './process-tree/cgroup.ts';

/** How one governed run is queued, admitted and limited. */
export interface RunSettings extends Settings {
  readonly scope: QueueScope;
  /** It was started with the policy override. */
  readonly overridesPolicy: boolean;
  /** Why it skips the queue; null when it does not. */
  readonly uncounted: Exclude<Uncounted, 'nested'> | null;
  /** Control groups may be used. */
  readonly usesCgroups: boolean;
}

export type RunSettingsResult =
  | { readonly kind: 'ok'; readonly settings: RunSettings }
  /** The exit status for it, and a sentence that names the variable or the place in the config and what was expected. */
  | { readonly kind: 'invalid'; readonly status: number; readonly sentence: string };

/**
 * Reads the settings of a run: the environment's, else the config's, else the defaults. `CI=true` turns the queue off unless
 * `…_CI_QUEUE=1`; `…_ALLOW_OVERLOAD=1` always does. Never throws.
 */
export function readRunSettings(
  environment: Environment,
  envPrefix: string,
  config: LoadedConfig,
): RunSettingsResult {
  const read = readSettings(environment, envPrefix, config);
  if (read.kind === 'invalid') return read;
  const scope = scopeFrom(environment, envPrefix);
  if (typeof scope === 'object') {
    const sentence = `${envPrefix}_TEST_LOCK_SCOPE=${scope.unknown}: expected repo or machine`;
    return { kind: 'invalid', status: exitStatus.usage, sentence };
  }
  const variable = (name: string) => isOn(readVariable(environment, envPrefix, name));
  const isCI = isOn(environment.CI) && !variable('CI_QUEUE');
  return {
    kind: 'ok',
    settings: {
      ...read.settings,
      scope,
      overridesPolicy: variable('ALLOW_BYPASS_POLICY'),
      uncounted: variable('ALLOW_OVERLOAD') ? 'overload' : isCI ? 'ci' : null,
      usesCgroups: areCgroupsEnabled(environment, envPrefix),
    },
  };
}

/** A limit in milliseconds; 0 seconds stand for none, which is null. */
export function limitMs(seconds: number): number | null {
  return seconds === 0 ? null : seconds * 1000;
}
