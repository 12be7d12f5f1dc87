import {
  type InterceptedEvent,
  interceptedEvent,
  type PolicyEvent,
  type RunEvent,
} from '../../src/telemetry/event.ts';
import { policyEvent } from '../../src/telemetry/policy-event.ts';

/** An intercepted event that differs from others by what `changes` says. */
export function sampleEvent(changes: Partial<InterceptedEvent> = {}): InterceptedEvent {
  return {
    ...interceptedEvent({
      policy_mode: 'warn',
      class: 'jest',
      normalized_sig: 'jest --ci --coverage paths=1',
      argv_hash: '0123456789abcdef',
      override_policy_used: false,
      override_overload_used: false,
      outcome: 'warned',
      layer: 'shim',
      shell: null,
      runner: 'jest',
      form: 'npx',
    }),
    ...changes,
  };
}

/** The event of a governed run that differs from others by what `changes` says. */
export function sampleRunEvent(changes: Partial<RunEvent> = {}): RunEvent {
  return {
    event: 'run',
    ts: '2026-03-03T10:05:33.120Z',
    governed: true,
    policy_mode: 'warn',
    class: 'jest',
    normalized_sig: 'jest --ci paths=1',
    argv_hash: '0123456789abcdef',
    admitted: true,
    queued_ms: 1250,
    peak_rss_mb: 412.5,
    pressure_level: 'normal',
    workers: 2,
    exit_code: 0,
    override_policy_used: false,
    override_overload_used: false,
    outcome: 'ended',
    runner: 'jest',
    run_ms: 8200,
    peak_rss_source: 'cgroup-v1',
    queue_scope: 'repo',
    wait_reason: 'jest --ci is running',
    left_behind: 0,
    throttled_ms: null,
    ...changes,
  };
}

/** The event of a changed mode that differs from others by what `changes` says. */
export function samplePolicyEvent(changes: Partial<PolicyEvent> = {}): PolicyEvent {
  return {
    ...policyEvent({ policy_mode: 'warn', from: 'warn', to: 'enforce', forced: true, findings: 3 }),
    ...changes,
  };
}
