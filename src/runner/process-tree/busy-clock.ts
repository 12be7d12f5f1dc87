import { monotonicMs } from '../../clock.ts';

/**
 * The processor time that this process has used, in milliseconds: unlike the time of day it does not count how long others
 * were at the processor, so that a busy machine does not look like costly work. Where `ps` does the work in a process
 * of its own, the time of day is all there is.
 */
export function busyClock(): number {
  if (process.platform !== 'linux') return monotonicMs();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
