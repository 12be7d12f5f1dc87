import { type Capacity, capacityOf, strictest } from '../../src/admission/budget.ts';
import { measureTotals } from '../../src/admission/capacity.ts';
import { decide, type Reservation } from '../../src/admission/decide.ts';
import { lookAtMachine } from '../../src/admission/machine.ts';
import { openHistory } from '../../src/admission/open-history.ts';
import { requestFor } from '../../src/admission/request.ts';
import { defaultSettings } from '../../src/settings.ts';

// decision-program.cjs STATE_DIRECTORY COUNT: decides COUNT times from nothing (totals, history, probes and the decision
// itself) and prints the milliseconds of each as JSON, the first and cold one at their head.
const [stateDirectory = '', count = '1'] = process.argv.slice(2);

const run = { class: 'jest', signature: 'jest --ci paths=7', workers: 2 } as const;
const running: readonly Reservation[] = Array.from({ length: 8 }, () => ({
  memoryMb: 500,
  slots: 1,
  measuredMb: 300,
}));
const others: readonly Capacity[] = running.map(() => ({ memoryBudgetMb: 10_000, cpuSlotsTotal: 7 }));

async function decideOnce(): Promise<void> {
  const { history } = await openHistory(stateDirectory);
  const own = capacityOf(measureTotals(), defaultSettings);
  decide({
    request: requestFor(run, history, {}),
    running,
    capacity: strictest(own, others).capacity,
    machine: lookAtMachine('normal'),
    maxLoad: defaultSettings.maxLoad,
  });
}

async function main(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < Number(count); round++) {
    const start = performance.now();
    await decideOnce();
    times.push(performance.now() - start);
  }
  process.stdout.write(JSON.stringify(times));
}

main();
