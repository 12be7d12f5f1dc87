import type { EventFacts } from './scan.ts';

/** What happened in one period. */
export interface Tally {
  /** The beginning of the period, ISO 8601 in UTC. */
  readonly since: string;
  /** Governed runs that were started. */
  readonly runs: number;
  readonly warned: number;
  readonly blocked: number;
  /** Blocked commands by how they got to their runner. */
  readonly blockedByForm: Readonly<Record<string, number>>;
  /** Test runs that somebody let through against the policy, and their part of all decisions and runs. */
  readonly policyOverrides: number;
  readonly policyOverrideRate: number;
  /** Runs that skipped queue, admission and shaping. */
  readonly overloadOverrides: number;
  readonly overloadOverrideRate: number;
  /** Waits of the runs that stood in the queue, in milliseconds; null when there was none. */
  readonly averageWaitMs: number | null;
  readonly longestWaitMs: number | null;
  /** Runs that gave up waiting. */
  readonly waitsTimedOut: number;
}

/** Counts events of one period. */
export interface Counter {
  add(facts: EventFacts): void;
  tally(): Tally;
}

/** A counter for the events since a time. */
function createCounter(since: string): Counter {
  const counts = { runs: 0, warned: 0, blocked: 0, policy: 0, overload: 0, timedOut: 0, all: 0 };
  const byForm = new Map<string, number>();
  let waits = 0;
  let waitedMs = 0;
  let longest: number | null = null;

  function addWait(queuedMs: number): void {
    waits++;
    waitedMs += queuedMs;
    longest = Math.max(longest ?? 0, queuedMs);
  }

  function addRun(facts: EventFacts): void {
    counts.all++;
    if (facts.outcome === 'wait-timed-out') counts.timedOut++;
    if (facts.outcome === 'ended' || facts.outcome === 'timed-out') counts.runs++;
    if (facts.overridesPolicy) counts.policy++;
    if (facts.overridesOverload) counts.overload++;
    else if (facts.queuedMs !== null) addWait(facts.queuedMs);
  }

  function addInterception(facts: EventFacts): void {
    // An overridden command becomes a run with an event of its own.
    if (facts.outcome === 'overridden') return;
    counts.all++;
    if (facts.outcome === 'warned') counts.warned++;
    if (facts.outcome !== 'blocked') return;
    counts.blocked++;
    const form = facts.form ?? 'unknown';
    byForm.set(form, (byForm.get(form) ?? 0) + 1);
  }

  return {
    add(facts) {
      if (facts.ts < since) return;
      if (facts.event === 'run') addRun(facts);
      else if (facts.event === 'intercepted') addInterception(facts);
    },
    tally() {
      const rate = (count: number) => (counts.all === 0 ? 0 : count / counts.all);
      return {
        since,
        runs: counts.runs,
        warned: counts.warned,
        blocked: counts.blocked,
        blockedByForm: Object.fromEntries([...byForm].sort(([, a], [, b]) => b - a)),
        policyOverrides: counts.policy,
        policyOverrideRate: rate(counts.policy),
        overloadOverrides: counts.overload,
        overloadOverrideRate: rate(counts.overload),
        averageWaitMs: waits === 0 ? null : Math.round(waitedMs / waits),
        longestWaitMs: longest,
        waitsTimedOut: counts.timedOut,
      };
    },
  };
}

/** Local midnight before `now`. */
export function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/** Counts everything since each of the given times, in one pass over the events. */
export function tallyPeriods(events: Iterable<EventFacts>, since: readonly Date[]): readonly Tally[] {
  const counters = since.map((time) => createCounter(time.toISOString()));
  for (const facts of events) for (const counter of counters) counter.add(facts);
  return counters.map((counter) => counter.tally());
}
