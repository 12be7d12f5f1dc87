import { type ClassBudgets, describeInvalid, type LoadedConfig } from './config.ts';
import { type Environment, isOn, readVariable } from './env.ts';
import { exitStatus } from './exit-status.ts';

/** Every number that tunes queue, admission and runs, as it is in force. */
export interface Settings {
  /** The share of the memory that governed runs may take together; above 0, at most 1. */
  readonly memoryBudgetPct: number;
  /** The share of the logical CPUs that becomes slots; above 0, at most 1. */
  readonly cpuSlotPct: number;
  /** What the config says of the memory that a class needs; a class that is absent has its built-in seed. */
  readonly classBudgetsMb: ClassBudgets;
  /** The load average above which nothing is started; null when load checks are switched off. */
  readonly maxLoad: number | null;
  /** How long to wait in the queue and for admission; 0 gives up at once. */
  readonly queueTimeoutSeconds: number;
  /** How long a run may take from its start; 0 is no limit. */
  readonly testTimeoutSeconds: number;
  /** Between SIGTERM and SIGKILL; 0 kills at once. */
  readonly killGraceSeconds: number;
  /** The most workers that a caller may ask for; null when there is no cap. */
  readonly maxWorkersCap: number | null;
}

/** The settings in force, or why there are none: the exit status for it and one sentence (not escaped). */
export type SettingsResult =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly status: number; readonly sentence: string };

/** The load average above which nothing starts, where nobody says otherwise. */
export const defaultMaxLoad = 8;

/** What holds where neither the config nor the environment says otherwise. */
export const defaultSettings: Settings = {
  memoryBudgetPct: 0.6,
  cpuSlotPct: 0.7,
  classBudgetsMb: {},
  maxLoad: defaultMaxLoad,
  queueTimeoutSeconds: 7200,
  testTimeoutSeconds: 3600,
  killGraceSeconds: 10,
  maxWorkersCap: null,
};

/** What a number may be, and how a sentence says it. The schema of the config says the same of its fields. */
interface NumberRule {
  readonly accepts: (value: number) => boolean;
  readonly expected: string;
}

const share: NumberRule = {
  accepts: (value) => value > 0 && value <= 1,
  expected: 'a number above 0 and at most 1, such as 0.6',
};

/** Node's timers hold at most 2^31-1 milliseconds; a longer one would fire at once. */
const longestSeconds = 2_147_483;

const seconds: NumberRule = {
  accepts: (value) => value >= 0 && value <= longestSeconds,
  expected: `seconds from 0 to ${longestSeconds}, such as 600`,
};

const load: NumberRule = {
  accepts: (value) => value >= 0,
  expected: 'a load average of 0 or more, such as 8',
};

/** What a word says as a plain decimal number; NaN for anything else (`1e3`, `0x10` and `Infinity` are typing errors). */
function parseDecimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** A number that somebody typed, or one sentence about what was expected instead. */
export type TypedNumber =
  | { readonly kind: 'ok'; readonly value: number }
  | { readonly kind: 'invalid'; readonly sentence: string };

function readNumber(name: string, text: string, rule: NumberRule): TypedNumber {
  const value = parseDecimal(text);
  return Number.isFinite(value) && rule.accepts(value)
    ? { kind: 'ok', value }
    : { kind: 'invalid', sentence: `${name}=${text}: expected ${rule.expected}` };
}

/** Reads a load average that somebody typed under `name`, which the sentence names. */
export function readLoad(name: string, text: string): TypedNumber {
  return readNumber(name, text, load);
}

/** Reads a number of seconds that somebody typed under `name`, which the sentence names. */
export function readSeconds(name: string, text: string): TypedNumber {
  return readNumber(name, text, seconds);
}

/** True unless `TEST_THROTTLE_ENABLED=false` opts out of load checks and throttling. */
export function isThrottlingOn(environment: Environment): boolean {
  const value = environment.TEST_THROTTLE_ENABLED;
  return value === undefined || value === '' || isOn(value);
}

/**
 * The settings in force: the environment's over the config's over the defaults. An invalid config gives 78 with file,
 * JSON pointer and what was expected; an invalid variable 64 with its name. Never throws.
 */
export function readSettings(
  environment: Environment,
  envPrefix: string,
  loaded: LoadedConfig,
): SettingsResult {
  if (loaded.kind === 'invalid') {
    return { kind: 'invalid', status: exitStatus.config, sentence: describeInvalid(loaded) };
  }
  const config = loaded.kind === 'ok' ? loaded.config : {};
  const faults: string[] = [];
  const pick = (name: string, text: string | undefined, rule: NumberRule, otherwise: number): number => {
    if (text === undefined || text === '') return otherwise;
    const typed = readNumber(name, text, rule);
    if (typed.kind === 'ok') return typed.value;
    faults.push(typed.sentence);
    return otherwise;
  };
  const ours = (name: string, rule: NumberRule, otherwise: number) =>
    pick(`${envPrefix}_${name}`, readVariable(environment, envPrefix, name), rule, otherwise);
  const base = { ...defaultSettings, ...config };
  const settings: Settings = {
    memoryBudgetPct: ours('MEMORY_BUDGET_PCT', share, base.memoryBudgetPct),
    cpuSlotPct: ours('CPU_SLOT_PCT', share, base.cpuSlotPct),
    classBudgetsMb: base.classBudgetsMb,
    maxLoad: isThrottlingOn(environment)
      ? pick('MAX_LOAD', environment.MAX_LOAD, load, config.maxLoad ?? defaultMaxLoad)
      : null,
    queueTimeoutSeconds: ours('QUEUE_TIMEOUT', seconds, base.queueTimeoutSeconds),
    testTimeoutSeconds: ours('TEST_TIMEOUT', seconds, base.testTimeoutSeconds),
    killGraceSeconds: ours('KILL_GRACE', seconds, base.killGraceSeconds),
    maxWorkersCap: base.maxWorkersCap,
  };
  const [fault] = faults;
  return fault === undefined
    ? { kind: 'ok', settings }
    : { kind: 'invalid', status: exitStatus.usage, sentence: fault };
}
