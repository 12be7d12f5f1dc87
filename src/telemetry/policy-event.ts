import type { PolicyMode } from '../env.ts';
import type { EventCommon } from './event.ts';

/** Somebody changed the repository's default mode. */
export interface PolicyEvent extends EventCommon {
  readonly event: 'policy';
  /** The default mode before and after. */
  readonly from: PolicyMode;
  readonly to: PolicyMode;
  /** True when it was set in spite of an audit that was not clean. */
  readonly forced: boolean;
  /** How many things the audit had to say; null when it was not asked. */
  readonly findings: number | null;
}

/** An event for a change of the mode at `now`. */
export function policyEvent(
  parts: Pick<PolicyEvent, 'policy_mode' | 'from' | 'to' | 'forced' | 'findings'>,
  now: Date = new Date(),
): PolicyEvent {
  return {
    event: 'policy',
    ts: now.toISOString(),
    governed: false,
    ...parts,
    class: null,
    normalized_sig: null,
    argv_hash: null,
    admitted: null,
    queued_ms: null,
    peak_rss_mb: null,
    pressure_level: null,
    workers: null,
    exit_code: null,
    override_policy_used: false,
    override_overload_used: false,
  };
}
