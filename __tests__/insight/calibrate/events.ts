import type { RunEvent } from '../../../src/telemetry/event.ts';
import { sampleRunEvent } from '../../telemetry/sample.ts';

/** A governed jest run of 1,000 MB and ten seconds that did not wait; `changes` says in what it differs. */
export function runEvent(changes: Partial<RunEvent> = {}): RunEvent {
  return sampleRunEvent({
    ts: '2026-03-01T12:00:00.000Z',
    queued_ms: 0,
    peak_rss_mb: 1000,
    peak_rss_source: 'pss',
    run_ms: 10_000,
    wait_reason: null,
    throttled_ms: 0,
    ...changes,
  });
}

/** Enough runs for every gate: 120 over three classes and eight days, six of which waited. */
export function enoughRuns(): readonly RunEvent[] {
  const classes = [
    ['jest', 1000],
    ['vitest', 600],
    ['pytest', 200],
  ] as const;
  return Array.from({ length: 120 }, (_, index) => {
    const [name, megabytes] = classes[index % 3] ?? ['jest', 1000];
    return runEvent({
      class: name,
      normalized_sig: `${name} --ci`,
      ts: `2026-03-0${1 + (index % 8)}T12:00:00.000Z`,
      peak_rss_mb: megabytes + (index % 20),
      workers: name === 'pytest' ? 1 : 2,
      queued_ms: index < 6 ? 5000 : 0,
      wait_reason: index < 6 ? 'one run is ahead' : null,
    });
  });
}

/** The events as a reading gives them. */
export async function* stream<T>(events: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* events;
}
