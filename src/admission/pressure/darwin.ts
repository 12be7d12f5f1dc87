import { totalmem } from 'node:os';
import { childProcess } from '../../child-process.ts';
import { errorCode } from '../../error-code.ts';
import { toWholeMb } from '../capacity.ts';
import type { FailedProbe, MeasuredSignals, Signals } from './signals.ts';

const levelName = 'kern.memorystatus_vm_pressure_level';

/** The values that the kernel gives (bsd/kern/kern_memorystatus_notify.c): 1, 2 and 4. */
const systemLevels: Readonly<Record<string, MeasuredSignals['systemLevel']>> = {
  '1': 'normal',
  '2': 'warn',
  '4': 'critical',
};

/** How a program is run for its output; throws when it cannot be. Tests give recorded output. */
export type Runs = (file: string, args: readonly string[]) => string;

function runProgram(file: string, args: readonly string[]): string {
  return childProcess().execFileSync(file, args, {
    encoding: 'latin1',
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 2000,
  });
}

function outputOf(runs: Runs, file: string, args: readonly string[]): string | FailedProbe {
  try {
    return runs(file, args);
  } catch (error) {
    const reason = `${file} failed (${errorCode(error) ?? 'it gave an error'})`;
    return { kind: 'unknown', probe: [file, ...args].join(' '), reason };
  }
}

/**
 * Bytes that programs can get according to `vm_stat`: free, speculative and inactive pages, as psutil counts them. Free
 * pages alone are near zero on a healthy Mac. Null when the text is not that of vm_stat.
 */
export function parseVmStat(text: string): number | null {
  const pageSize = Number(/page size of (\d+) bytes/.exec(text)?.[1]);
  const pages = ['free', 'inactive', 'speculative'].map((name) =>
    Number(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.$`, 'm').exec(text)?.[1]),
  );
  const bytes = pages.reduce((sum, count) => sum + count, 0) * pageSize;
  return Number.isFinite(bytes) ? bytes : null;
}

/**
 * macOS: the kernel's own pressure level, and vm_stat for the memory that is available.
 * @param totalBytes of the machine.
 */
export function probeDarwin(runs: Runs = runProgram, totalBytes: number = totalmem()): Signals {
  const level = outputOf(runs, '/usr/sbin/sysctl', ['-n', levelName]);
  if (typeof level !== 'string') return level;
  const systemLevel = systemLevels[level.trim()];
  if (systemLevel === undefined) {
    return { kind: 'unknown', probe: `sysctl ${levelName}`, reason: 'its value is none of 1, 2 and 4' };
  }
  const statistics = outputOf(runs, '/usr/bin/vm_stat', []);
  if (typeof statistics !== 'string') return statistics;
  const available = parseVmStat(statistics);
  if (available === null) {
    return { kind: 'unknown', probe: 'vm_stat', reason: 'its output is not understood' };
  }
  return {
    kind: 'measured',
    memoryStall: null,
    cpuStall: null,
    ioStall: null,
    availableMb: toWholeMb(available),
    totalMb: toWholeMb(totalBytes),
    systemLevel,
  };
}
