import { readFileSync } from 'node:fs';
import { below } from '../../below.ts';
import { isDecimal } from '../../characters.ts';
import { errorCode } from '../../error-code.ts';
import { readText } from '../../repository.ts';
import { memoryFigure, toWholeMb } from '../capacity.ts';
import { findControlGroups, memoryGroups } from '../cgroup.ts';
import type { FailedProbe, Signals } from './signals.ts';

/** Reads `some avg10` of a pressure file, in percent; null when the text has none. */
export function parseStall(text: string): number | null {
  const start = 'some avg10=';
  const line = text.split('\n').find((one) => one.startsWith(start));
  const avg10 = line?.slice(start.length).split(' ', 1)[0] ?? '';
  return isDecimal(avg10) ? Number(avg10) : null;
}

/** Kernels without PSI have no such file, and with `psi=0` refuse to read it: then MemAvailable must do. */
function readStall(file: string): number | null {
  return parseStall(readText(file) ?? '');
}

function failed(probe: string, reason: string): FailedProbe {
  return { kind: 'unknown', probe, reason };
}

/**
 * Linux: PSI of the machine, MemAvailable, and for each control group that limits our memory its own stalls and what is
 * left of its limit, page cache counted as free as MemAvailable does. Two dozen small files, no process started.
 * @param root stands for `/`.
 */
export function probeLinux(root: string): Signals {
  const probe = '/proc/meminfo';
  let meminfo: string;
  try {
    // As UTF-8: node has a short cut for that, any other encoding takes a millisecond longer the first time.
    meminfo = readFileSync(below(root, probe.slice(1)), 'utf8');
  } catch (error) {
    return failed(probe, `it cannot be read (${errorCode(error) ?? 'unknown error'})`);
  }
  const installed = memoryFigure(meminfo, 'MemTotal');
  const available = memoryFigure(meminfo, 'MemAvailable');
  if (installed === null || available === null) {
    return failed(probe, `it has no ${installed === null ? 'MemTotal' : 'MemAvailable'}`);
  }
  const groups = memoryGroups(findControlGroups(root));
  const left = groups.map(({ limit, usage, cache }) =>
    usage === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - Math.max(0, usage - cache)),
  );
  const stalls = [
    below(root, 'proc/pressure/memory'),
    ...groups.map(({ directory }) => below(directory, 'memory.pressure')),
  ]
    .map(readStall)
    .filter((stall) => stall !== null);
  return {
    kind: 'measured',
    memoryStall: stalls.length === 0 ? null : Math.max(...stalls),
    cpuStall: readStall(below(root, 'proc/pressure/cpu')),
    ioStall: readStall(below(root, 'proc/pressure/io')),
    availableMb: toWholeMb(Math.min(available, ...left)),
    totalMb: toWholeMb(Math.min(installed, ...groups.map(({ limit }) => limit))),
    systemLevel: null,
  };
}
