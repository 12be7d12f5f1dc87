import { type Environment, isPolicyMode, type PolicyMode, readVariable } from '../env.ts';

/** The mode that is in force for a run, as far as the environment and the config say. */
export function modeOf(
  environment: Environment,
  envPrefix: string,
  configured: PolicyMode | undefined,
): PolicyMode {
  const asked =
    readVariable(environment, envPrefix, 'POLICY_MODE') ?? readVariable(environment, envPrefix, 'GUARD_MODE');
  return asked !== undefined && isPolicyMode(asked) ? asked : (configured ?? 'warn');
}
