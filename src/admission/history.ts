import { lstatSync, type Stats } from 'node:fs';
import { below } from '../below.ts';
import { errorCode } from '../error-code.ts';
import { readWithoutWaiting } from '../read-without-waiting.ts';

/** The file in a state directory that holds what earlier runs took. */
export const historyName = 'history.json';

/** One measured peak. */
export interface Peak {
  /** Megabytes. */
  readonly mb: number;
  /**
   * How it was measured (`cgroup`, `pss`, `rss`, …): a short word, part of what makes figures comparable. A sum of RSS
   * counts shared pages many times, so peaks of different sources are never mixed in one P90.
   */
  readonly source: string;
}

/** What is remembered of one signature, oldest first. */
export interface SignatureHistory {
  readonly peaks: readonly Peak[];
  /** Milliseconds from start to end. */
  readonly durations: readonly number[];
}

/**
 * What is remembered of every signature, the least recently run first, each as it stands in the file. A full history has
 * thousands of figures and every governed run reads it: only the signature that is asked for is looked into.
 */
export type History = ReadonlyMap<string, unknown>;

/** A history, or why there is none. */
export type HistoryReading =
  | { readonly kind: 'ok'; readonly history: History }
  | { readonly kind: 'missing' }
  /** What is there is no history of ours: it has to be moved out of the way before one can be written. */
  | { readonly kind: 'foreign'; readonly reason: string }
  /** It cannot be read or is meant for a later version; it is left alone. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** How many peaks and how many durations are kept for each signature. */
export const runsKept = 20;

/** How many signatures are kept: each costs every governed run some ten microseconds of parsing at its start. */
export const signaturesKept = 100;

/** A longer one is not kept. Ours are made of flags and counts and stay far below. */
const longestKey = 1000;

/** A hundred signatures with the longest keys and sources need a third of it: what is larger is none of ours. */
const sizeLimit = 1024 * 1024;

/** Below this number of comparable peaks, chance decides what their P90 is. */
const peaksNeeded = 5;

const historyVersion = 1;

/** Far more than any run; it keeps absurd numbers out of sums. */
const largestFigure = 1e9;

/** True for a number of megabytes or milliseconds that a run can have had. */
function isFigure(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= largestFigure;
}

function isSource(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9-]{1,32}$/.test(value);
}

function isPair(value: unknown): value is readonly [number, string] {
  return Array.isArray(value) && value.length === 2 && isFigure(value[0]) && isSource(value[1]);
}

function parseSignature(value: unknown): SignatureHistory | null {
  if (typeof value !== 'object' || value === null) return null;
  const { peaks, durations }: Partial<Record<keyof SignatureHistory, unknown>> = value;
  return Array.isArray(peaks) && peaks.every(isPair) && Array.isArray(durations) && durations.every(isFigure)
    ? { peaks: peaks.map(([mb, source]) => ({ mb, source })), durations }
    : null;
}

/** True when every signature has the shape of ours. Looks at all figures: for those who have the time. */
export function isSound(history: History): boolean {
  return [...history.values()].every((value) => parseSignature(value) !== null);
}

/** What is remembered of one signature; nothing where it is not there or has another shape. */
export function signatureIn(history: History, key: string): SignatureHistory {
  return parseSignature(history.get(key)) ?? { peaks: [], durations: [] };
}

/** Reads the text of a history file. */
export function parseHistory(text: string): HistoryReading {
  const foreign = (reason: string): HistoryReading => ({ kind: 'foreign', reason });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return foreign('it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) return foreign('it holds no object');
  const { version, signatures }: Partial<Record<'version' | 'signatures', unknown>> = parsed;
  if (typeof version === 'number' && version > historyVersion) {
    return { kind: 'unreadable', reason: 'a later version of test-governor wrote it' };
  }
  if (version !== historyVersion || typeof signatures !== 'object' || signatures === null) {
    return foreign('it has another shape');
  }
  return { kind: 'ok', history: new Map(Object.entries(signatures)) };
}

/** The text of a history file. */
export function serializeHistory(history: History): string {
  return `${JSON.stringify({ version: historyVersion, signatures: Object.fromEntries(history) })}\n`;
}

/** Why a file is not looked into: a link, a pipe, a file of others, one that others may write to; null for one of ours. */
function foreignness(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return 'it is a symbolic link';
  if (!stats.isFile()) return 'it is not a file';
  if (stats.uid !== process.geteuid?.()) return 'it belongs to another user';
  if ((stats.mode & 0o022) !== 0) return 'other users can write to it';
  return stats.size > sizeLimit ? 'it is far too large' : null;
}

/**
 * Reads `history.json` of a state directory, in which nobody but us can put another file into its place between a look at it and the
 * next. Cheap, takes no lock, never throws.
 */
export function readHistory(stateDirectory: string): HistoryReading {
  const file = below(stateDirectory, historyName);
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'missing' };
    const reason = foreignness(stats);
    return reason === null ? parseHistory(readWithoutWaiting(file)) : { kind: 'foreign', reason };
  } catch (error) {
    const code = errorCode(error);
    // Moved aside in the meantime.
    if (code === 'ENOENT') return { kind: 'missing' };
    return { kind: 'unreadable', reason: `it cannot be read (${code ?? 'unknown error'})` };
  }
}

/** The key of a signature: fewer workers is not always less memory, so their number belongs to it. */
export function signatureKey(signature: string, workers: number): string {
  return `${signature} workers=${workers}`;
}

/** The 90th percentile by nearest rank, a value that was really seen; null for none. */
export function p90(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(0.9 * sorted.length) - 1] ?? null;
}

/**
 * The P90 of a signature's peaks in whole megabytes, of those that were measured like the newest one. Null while there
 * are fewer than five of them.
 */
export function peakP90(history: History, key: string): number | null {
  const { peaks } = signatureIn(history, key);
  const source = peaks.at(-1)?.source;
  const comparable = peaks.filter((peak) => peak.source === source).map(({ mb }) => mb);
  const value = comparable.length < peaksNeeded ? null : p90(comparable);
  return value === null ? null : Math.max(1, Math.ceil(value));
}

/** How long a run of this signature takes: the median of its durations in milliseconds, null when none is known. */
export function expectedMs(history: History, key: string): number | null {
  const sorted = [...signatureIn(history, key).durations].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2);
}

/** A finished run; what was not measured is null. */
export interface RunFigures {
  readonly peak: Peak | null;
  readonly durationMs: number | null;
}

/** What is wrong with figures that nobody can have measured; null when they can be kept. */
export function faultIn(key: string, { peak, durationMs }: RunFigures): string | null {
  if (key.length > longestKey) return 'the signature is too long';
  if (peak !== null && !isSource(peak.source)) return 'the source of the peak is no short word';
  const figures = [peak?.mb ?? 0, durationMs ?? 0];
  return figures.every(isFigure) ? null : 'a figure is out of range';
}

/** The history with one more run of a signature, which becomes the most recent one; the oldest are dropped. */
export function withRun(history: History, key: string, { peak, durationMs }: RunFigures): History {
  const { peaks, durations } = signatureIn(history, key);
  const newPeaks = peak === null ? [] : [{ ...peak, mb: Math.ceil(peak.mb) }];
  const newDurations = durationMs === null ? [] : [Math.round(durationMs)];
  const next = new Map(history);
  next.delete(key);
  next.set(key, {
    peaks: [...peaks, ...newPeaks].slice(-runsKept).map(({ mb, source }) => [mb, source]),
    durations: [...durations, ...newDurations].slice(-runsKept),
  });
  return new Map([...next].slice(-signaturesKept));
}
