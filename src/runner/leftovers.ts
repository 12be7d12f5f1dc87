import { formatLimit } from '../durations.ts';
import { nameProcesses } from './process-names.ts';
import type { EndReport } from './process-tree/end.ts';
import type { RunOutput } from './standard-error.ts';
import { endingSignals } from './supervise.ts';
import type { WorkKeeper } from './work-keeper.ts';

/** After so many milliseconds a user wants to know what is waited for. */
const silentMs = 1000;

/** Ends what is left of a run whose runner has ended. Whoever sends another signal meanwhile has waited long enough. */
export async function endLeftovers(work: WorkKeeper, graceMs: number, output: RunOutput): Promise<EndReport> {
  const hurry = () => void work.end(0);
  for (const signal of endingSignals) process.on(signal, hurry);
  const timer = setTimeout(() => {
    const time = formatLimit(graceMs);
    output.say(
      `test-governor: the runner has ended; what it left behind gets ${time} to end, too (Ctrl-C ends it now).`,
    );
  }, silentMs);
  try {
    return await work.end(graceMs);
  } finally {
    clearTimeout(timer);
    for (const signal of endingSignals) process.off(signal, hurry);
  }
}

/** Says what a run left behind, and what of it cannot be ended. */
export function sayLeftovers({ ended, remaining }: EndReport, output: RunOutput): void {
  const count = (number: number) => `${number} ${number === 1 ? 'process' : 'processes'}`;
  if (ended.length > 0) {
    output.say(
      `test-governor: ended ${count(ended.length)} that the run left behind: ${nameProcesses(ended)}`,
    );
  }
  if (remaining.length > 0) {
    const left = remaining.map(({ process }) => process);
    output.say(`test-governor: ${count(left.length)} of the run cannot be ended: ${nameProcesses(left)}`);
  }
}
