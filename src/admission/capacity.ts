import { availableParallelism, totalmem } from 'node:os';
import { below } from '../below.ts';
import { isDigits } from '../characters.ts';
import { readText } from '../repository.ts';
import { cpuQuotas, findControlGroups, memoryLimits } from './cgroup.ts';

/** What this process may use of the machine, limits of containers included. */
export interface Totals {
  /** Megabytes (MiB). */
  readonly totalRamMb: number;
  readonly logicalCpu: number;
}

/** Where the figures are read. Only tests set it. */
export interface Place {
  /** Stands for `/`: a recorded tree of files. */
  readonly root?: string;
  /** How many CPUs this process may run on, by its affinity. */
  readonly parallelism?: number;
}

const bytesPerMb = 1024 * 1024;

/** One figure of `/proc/meminfo` in bytes; null when it is not there. */
export function memoryFigure(meminfo: string, name: 'MemTotal' | 'MemAvailable'): number | null {
  const unit = ' kB';
  const line = meminfo.split('\n').find((one) => one.startsWith(`${name}:`)) ?? '';
  const kilobytes = line.slice(name.length + 1, -unit.length).trim();
  return line.endsWith(unit) && isDigits(kilobytes) ? Number(kilobytes) * 1024 : null;
}

/** Bytes as whole megabytes, rounded down. */
export function toWholeMb(bytes: number): number {
  return Math.floor(bytes / bytesPerMb);
}

/**
 * The totals that budgets are taken from. Memory: MemTotal, or the least limit of the control groups above this process
 * (v1 and v2). CPUs: what the affinity allows, or the least CPU quota, rounded up, at least 1. Where /proc cannot
 * be read, node's own figures. Never throws.
 */
export function measureTotals({ root = '/', parallelism = availableParallelism() }: Place = {}): Totals {
  const meminfo = readText(below(root, 'proc/meminfo')) ?? '';
  const installed = memoryFigure(meminfo, 'MemTotal') ?? totalmem();
  const groups = findControlGroups(root);
  const limits = memoryLimits(groups);
  const quotas = cpuQuotas(groups).map((cpus) => Math.ceil(cpus));
  return {
    totalRamMb: toWholeMb(Math.min(installed, ...limits)),
    logicalCpu: Math.max(1, Math.min(parallelism, ...quotas)),
  };
}
