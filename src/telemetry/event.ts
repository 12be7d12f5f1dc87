import type { PolicyMode } from '../env.ts';
import { intentNames } from '../policy/intents.ts';
import type { Form, Intent, Runner } from '../policy/verdict.ts';
import type { PolicyEvent } from './policy-event.ts';
import type { RunEvent } from './run-event.ts';

export type { PolicyEvent } from './policy-event.ts';
export type { MemorySource, RunEvent, RunOutcome } from './run-event.ts';

/** The version of the event's shape; every line says it. A reader skips versions it does not know. */
const eventSchemaVersion = 1;

/** Which layer saw the command: its text, or its arguments in a shim, the preload or a shell function. */
export type Layer = 'text' | 'shim' | 'preload' | 'function';

/** What interception did with a command. */
export type Outcome = 'warned' | 'blocked' | 'overridden';

/** The machine's memory pressure, as admission sees it; `unknown` when the probe failed. */
export type PressureLevel = 'normal' | 'warn' | 'critical' | 'unknown';

/** What every event has. A figure that is not known is null, never a guess. */
export interface EventCommon {
  /** When, ISO 8601 in UTC with milliseconds. */
  readonly ts: string;
  /** True when the command went through the governor. */
  readonly governed: boolean;
  /** The mode that was in force. */
  readonly policy_mode: PolicyMode;
  /** The intent that the run has, or would have. */
  readonly class: Intent | null;
  /** What was run, without any value of the user's: see `normalizedSignature`. */
  readonly normalized_sig: string | null;
  /** Truncated SHA-256 of the arguments: equal commands have equal hashes. */
  readonly argv_hash: string | null;
  /** Whether admission let it run; null when it was never asked. */
  readonly admitted: boolean | null;
  readonly queued_ms: number | null;
  readonly peak_rss_mb: number | null;
  readonly pressure_level: PressureLevel | null;
  readonly workers: number | null;
  readonly exit_code: number | null;
  readonly override_policy_used: boolean;
  readonly override_overload_used: boolean;
}

/** Interception saw a raw test run. */
export interface InterceptedEvent extends EventCommon {
  readonly event: 'intercepted';
  readonly outcome: Outcome;
  readonly layer: Layer;
  /** The shell whose text was read; null below the text layer. */
  readonly shell: 'bash' | 'zsh' | null;
  readonly runner: Runner | null;
  readonly form: Form | null;
}

/** One line of `events.jsonl`; told apart by `event`. */
export type TelemetryEvent = InterceptedEvent | RunEvent | PolicyEvent;

/** The parts of an intercepted event that interception decides; the figures of a run are unknown to it. */
export type Interception = Pick<
  InterceptedEvent,
  | 'policy_mode'
  | 'class'
  | 'normalized_sig'
  | 'argv_hash'
  | 'override_policy_used'
  | 'override_overload_used'
  | 'outcome'
  | 'layer'
  | 'shell'
  | 'runner'
  | 'form'
>;

/** An event for a command that interception saw at `now`. */
export function interceptedEvent(parts: Interception, now: Date = new Date()): InterceptedEvent {
  return {
    event: 'intercepted',
    ts: now.toISOString(),
    governed: false,
    ...parts,
    admitted: null,
    queued_ms: null,
    peak_rss_mb: null,
    pressure_level: null,
    workers: null,
    exit_code: null,
  };
}

type Check = (value: unknown) => boolean;

const oneOf =
  (...allowed: readonly (string | null)[]): Check =>
  (value) =>
    (typeof value === 'string' || value === null) && allowed.includes(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isTextOrNull: Check = (value) => value === null || typeof value === 'string';
const isFigureOrNull: Check = (value) =>
  value === null || (typeof value === 'number' && Number.isFinite(value));
const isWholeOrNull: Check = (value) => value === null || Number.isSafeInteger(value);
const isTime: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);

const commonFields: Readonly<Record<keyof EventCommon, Check>> = {
  ts: isTime,
  governed: isFlag,
  policy_mode: oneOf('off', 'warn', 'enforce'),
  class: oneOf(...intentNames, null),
  normalized_sig: isTextOrNull,
  argv_hash: isTextOrNull,
  admitted: (value) => value === null || isFlag(value),
  queued_ms: isFigureOrNull,
  peak_rss_mb: isFigureOrNull,
  pressure_level: oneOf('normal', 'warn', 'critical', 'unknown', null),
  workers: isWholeOrNull,
  exit_code: isWholeOrNull,
  override_policy_used: isFlag,
  override_overload_used: isFlag,
};

const isRunner = oneOf('jest', 'vitest', 'turbo', 'pytest', null);

const interceptedFields: Readonly<Record<keyof InterceptedEvent, Check>> = {
  event: oneOf('intercepted'),
  ...commonFields,
  runner: isRunner,
  outcome: oneOf('warned', 'blocked', 'overridden'),
  layer: oneOf('text', 'shim', 'preload', 'function'),
  shell: oneOf('bash', 'zsh', null),
  form: isTextOrNull,
};

const runFields: Readonly<Record<keyof RunEvent, Check>> = {
  event: oneOf('run'),
  ...commonFields,
  runner: isRunner,
  outcome: oneOf('ended', 'timed-out', 'not-started', 'cancelled', 'wait-timed-out'),
  run_ms: isFigureOrNull,
  peak_rss_source: oneOf('cgroup-v2', 'cgroup-v1', 'pss', 'rss', null),
  queue_scope: oneOf('repo', 'machine', null),
  wait_reason: isTextOrNull,
  left_behind: isWholeOrNull,
  throttled_ms: isFigureOrNull,
};

const isMode = oneOf('off', 'warn', 'enforce');

const policyFields: Readonly<Record<keyof PolicyEvent, Check>> = {
  event: oneOf('policy'),
  ...commonFields,
  from: isMode,
  to: isMode,
  forced: isFlag,
  findings: isWholeOrNull,
};

/**
 * Every field of a line after `schema`, by the kind of event, in the order in which it is written, and what it may hold.
 * The published schema says the same to others; a test holds the two together.
 */
const fieldsOf: Readonly<Record<TelemetryEvent['event'], readonly (readonly [string, Check])[]>> = {
  intercepted: Object.entries(interceptedFields),
  run: Object.entries(runFields),
  policy: Object.entries(policyFields),
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** True for a parsed line that this version understands; a newer one may have fields besides. */
export function isTelemetryEvent(value: unknown): value is TelemetryEvent {
  if (!isRecord(value) || value.schema !== eventSchemaVersion) return false;
  const { event } = value;
  return (
    (event === 'intercepted' || event === 'run' || event === 'policy') &&
    fieldsOf[event].every(([field, check]) => check(value[field]))
  );
}

/** How every line of ours begins; inside a JSON string its quotes would be escaped, so it marks a start for certain. */
export const lineStart = '{"schema":';

/** The event as one line, newline included; only the documented fields, whatever else the object carries. */
export function serializeEvent(event: TelemetryEvent): string {
  const known: Readonly<Record<string, unknown>> = { ...event };
  const line: Record<string, unknown> = { schema: eventSchemaVersion };
  for (const [field] of fieldsOf[event.event]) {
    line[field] = known[field];
  }
  return `${JSON.stringify(line)}\n`;
}
