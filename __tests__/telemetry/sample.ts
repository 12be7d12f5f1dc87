import { interceptedEvent, type TelemetryEvent } from '../../src/telemetry/event.ts';

/** An event that differs from others by what `changes` says. */
export function sampleEvent(changes: Partial<TelemetryEvent> = {}): TelemetryEvent {
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
