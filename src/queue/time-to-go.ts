import { formatDuration } from '../durations.ts';

/** What past durations say of how long a run still takes, in milliseconds, as a part of a sentence. */
export function timeToGo(ms: number): string {
  return ms > 0 ? `about ${formatDuration(ms)} to go` : 'longer than such runs usually take';
}
