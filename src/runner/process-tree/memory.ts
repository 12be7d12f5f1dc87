import { below } from '../../below.ts';
import type { MemorySource } from '../../telemetry/event.ts';
import { busyClock } from './busy-clock.ts';
import { readKernelFile, readShare, type ShareReading } from './linux-source.ts';
import { keyOf, type ProcessRow } from './process-source.ts';

/** The most memory that a run had at one moment, as far as it was seen. */
export interface PeakMemory {
  /** MB of 1024 × 1024 bytes. */
  readonly mb: number;
  readonly source: MemorySource;
}

/** Bytes as MB, to a tenth. */
export function toMb(bytes: number): number {
  return Math.round((bytes / (1024 * 1024)) * 10) / 10;
}

const groupFiles: readonly (readonly [file: string, source: MemorySource])[] = [
  ['memory.peak', 'cgroup-v2'],
  // Before Linux 5.19 there is no peak; looked at often enough, the usage shows one.
  ['memory.current', 'cgroup-v2'],
  ['memory.max_usage_in_bytes', 'cgroup-v1'],
];

/** What the kernel says of the run's groups; null when they cannot tell, or nothing was ever charged to them. */
export function readGroupMemory(
  directories: readonly string[],
): { readonly bytes: number; readonly source: MemorySource } | null {
  for (const [file, source] of groupFiles) {
    for (const directory of directories) {
      const bytes = Number(readKernelFile(below(directory, file)) ?? 0);
      if (bytes > 0) return { bytes, source };
    }
  }
  return null;
}

/** Adds up the memory of processes, sample by sample. */
export interface MemoryMeter {
  /**
   * Takes the run's processes of one moment, and reads shares for at most `budgetMs`; the rest is read at later samples.
   * Yields between the reads. Gives the milliseconds of processor time that the reads took.
   */
  sample(rows: readonly ProcessRow[], budgetMs: number): Generator<void, number>;
  /** Null before the first sample. */
  peak(): PeakMemory | null;
}

interface Share {
  readonly pss: number;
  /** The resident memory that the process had when its share was read. */
  readonly rss: number;
}

/**
 * A share is read again when the resident memory has changed by this part of it and by this many bytes: a read costs up
 * to a millisecond, and the kernel's own count of a process is some dozens of pages out.
 */
const changeThatCounts = { part: 0.05, bytes: 1024 * 1024 } as const;

function isStale(row: ProcessRow, share: Share | undefined): boolean {
  if (share === undefined) return true;
  const change = Math.abs(row.residentBytes - share.rss);
  return change > share.rss * changeThatCounts.part && change > changeThatCounts.bytes;
}

/**
 * A meter that prefers shares (PSS) and falls back to resident memory when not every process's share can be read. Both
 * are added up from the beginning, so that no figure is made of the two.
 */
export function createMemoryMeter(read: (pid: number) => ShareReading = readShare): MemoryMeter {
  let rssPeak: number | null = null;
  let pssPeak: number | null = null;
  let areSharesReadable = true;
  let shares = new Map<string, Share>();

  function* refresh(rows: readonly ProcessRow[], budgetMs: number): Generator<void, number> {
    const weight = (row: ProcessRow) => Math.abs(row.residentBytes - (shares.get(keyOf(row))?.rss ?? 0));
    const stale = rows
      .filter((row) => isStale(row, shares.get(keyOf(row))))
      .sort((a, b) => weight(b) - weight(a));
    let spent = 0;
    for (const row of stale) {
      if (spent >= budgetMs) break;
      const before = busyClock();
      const reading = read(row.identity.pid);
      if (reading === 'unreadable') areSharesReadable = false;
      else shares.set(keyOf(row), { pss: reading === 'gone' ? 0 : reading, rss: row.residentBytes });
      spent += busyClock() - before;
      yield;
    }
    return spent;
  }

  return {
    *sample(rows, budgetMs) {
      const rss = rows.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
      rssPeak = Math.max(rssPeak ?? 0, rss);
      if (!areSharesReadable) return 0;
      shares = new Map([...shares].filter(([key]) => rows.some((row) => keyOf(row) === key)));
      const spent = yield* refresh(rows, budgetMs);
      const known = rows.map((row) => shares.get(keyOf(row))?.pss).filter((pss) => pss !== undefined);
      if (known.length === rows.length && rows.length > 0) {
        pssPeak = Math.max(
          pssPeak ?? 0,
          known.reduce((sum, pss) => sum + pss, 0),
        );
      }
      return spent;
    },
    peak() {
      if (areSharesReadable && pssPeak !== null) return { mb: toMb(pssPeak), source: 'pss' };
      return rssPeak === null ? null : { mb: toMb(rssPeak), source: 'rss' };
    },
  };
}
