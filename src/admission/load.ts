import { loadavg } from 'node:os';
import { below } from '../below.ts';
import { isDecimal } from '../characters.ts';
import { readText } from '../repository.ts';
import type { FailedProbe } from './pressure/signals.ts';

/** The load average of the last minute, or the probe that failed. */
export type Load = { readonly kind: 'measured'; readonly average: number } | FailedProbe;

/**
 * The load average of the last minute, of the whole machine also within a container. It lags behind by about twenty
 * seconds: it is the user's own rule (`MAX_LOAD`), not our only signal.
 * @param root stands for `/`.
 */
export function readLoadAverage(root = '/', platform: NodeJS.Platform = process.platform): Load {
  if (platform !== 'linux') {
    const [average = 0] = loadavg();
    // Linux gives two decimals; more would only make sentences longer.
    return { kind: 'measured', average: Math.round(average * 100) / 100 };
  }
  const probe = '/proc/loadavg';
  const [first = ''] = (readText(below(root, probe.slice(1))) ?? '').split(' ', 1);
  return isDecimal(first)
    ? { kind: 'measured', average: Number(first) }
    : { kind: 'unknown', probe, reason: 'it cannot be read' };
}
