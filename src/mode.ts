import {
  type Environment,
  isLaxer,
  isOn,
  isPolicyMode,
  type PolicyMode,
  readVariable,
  stricterMode,
} from './env.ts';

type ModeSource = 'environment' | 'shell' | 'config' | 'default';

/** What applies to one command: the mode, and which overrides the user set for it. */
export interface ModeInForce {
  /** The mode that the command asks for, or the strictest default. */
  readonly mode: PolicyMode;
  /** The strictest mode that the shell or the repository was given. */
  readonly given: PolicyMode;
  /** Where `mode` comes from, for messages: `…_POLICY_MODE`, what the shell was guarded with, or the repository. */
  readonly source: ModeSource;
  /** The command lowers the mode that its shell was given: counts as a policy override. */
  readonly lowered: boolean;
  readonly bypassPolicy: boolean;
  readonly allowOverload: boolean;
  /** A mode variable that holds an unknown word, for a sentence on stderr. */
  readonly unknown: string | null;
}

function sourceOfDefault(mode: PolicyMode, byShell?: PolicyMode, configMode?: PolicyMode): ModeSource {
  if (mode === byShell) return 'shell';
  return configMode === undefined ? 'default' : 'config';
}

/**
 * Reads the mode in force for one command.
 * @param environment the command's own environment, its leading assignments included.
 * @param configMode the repository's default mode, if its config sets one.
 */
export function modeInForce(
  environment: Environment,
  envPrefix: string,
  configMode: PolicyMode | undefined,
): ModeInForce {
  const asked = readVariable(environment, envPrefix, 'POLICY_MODE');
  const shell = readVariable(environment, envPrefix, 'GUARD_MODE');
  const byCommand = asked !== undefined && isPolicyMode(asked) ? asked : undefined;
  const byShell = shell !== undefined && isPolicyMode(shell) ? shell : undefined;
  const fallback = configMode ?? 'warn';
  // The shell's own mode was itself chosen in knowledge of the config, so it stands alone when it is there.
  const given = byShell ?? (configMode === undefined ? (byCommand ?? 'warn') : configMode);
  const mode = byCommand ?? stricterMode(byShell ?? fallback, fallback);
  return {
    mode,
    given: stricterMode(given, mode),
    source: byCommand === undefined ? sourceOfDefault(mode, byShell, configMode) : 'environment',
    lowered: isLaxer(mode, given),
    bypassPolicy: isOn(readVariable(environment, envPrefix, 'ALLOW_BYPASS_POLICY')),
    allowOverload: isOn(readVariable(environment, envPrefix, 'ALLOW_OVERLOAD')),
    unknown: asked !== undefined && byCommand === undefined ? asked : null,
  };
}
