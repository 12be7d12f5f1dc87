/** What interception does with a raw test run. */
export type PolicyMode = 'off' | 'warn' | 'enforce';

/** The environment prefix when no config says otherwise. */
export const defaultEnvPrefix = 'BASESHOP';

/** An environment as node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

const strictness: Readonly<Record<PolicyMode, number>> = { off: 0, warn: 1, enforce: 2 };

/** True when `value` is a policy mode. */
export function isPolicyMode(value: string): value is PolicyMode {
  return value === 'off' || value === 'warn' || value === 'enforce';
}

/** The stricter of two modes. */
export function stricterMode(a: PolicyMode, b: PolicyMode): PolicyMode {
  return strictness[a] >= strictness[b] ? a : b;
}

/** True when `a` lets more through than `b`. */
export function isLaxer(a: PolicyMode, b: PolicyMode): boolean {
  return strictness[a] < strictness[b];
}

/** Reads one of our variables: the prefix, an underscore, the name. An empty value counts as unset. */
export function readVariable(environment: Environment, prefix: string, name: string): string | undefined {
  const value = environment[`${prefix}_${name}`];
  return value === '' ? undefined : value;
}

/** True when a switch variable (`…=1`) is on. `0`, `false`, `no` and the empty string are off. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase());
}
