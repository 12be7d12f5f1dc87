import { formatDecimal, formatMb, formatSlots } from '../../admission/figures.ts';
import { describeSignals } from '../../admission/pressure/level.ts';
import { formatDuration } from '../../durations.ts';
import { escapeForTerminal } from '../../escape.ts';
import { type StatusWording, statusLines } from '../../queue/status-words.ts';
import type { StatusSnapshot } from './snapshot.ts';
import type { Tally } from './tally.ts';

function machineLines({ machine }: StatusSnapshot): readonly string[] {
  const { pressure, load } = machine;
  const signals =
    pressure.level === 'unknown'
      ? `the probe ${pressure.signals.probe} failed: ${pressure.signals.reason}`
      : describeSignals(pressure.signals);
  const average = load.kind === 'measured' ? formatDecimal(load.average) : 'unknown';
  return [`  pressure   ${pressure.level} (${signals})`, `  load       ${average}`];
}

function budgetLines({ budgets, rejectReason }: StatusSnapshot): readonly string[] {
  const { memoryBudgetMb, memoryReservedMb, cpuSlotsTotal, cpuSlotsReserved } = budgets;
  return [
    `  memory     ${formatMb(memoryReservedMb)} of ${formatMb(memoryBudgetMb)} reserved`,
    `  CPU        ${formatSlots(cpuSlotsReserved)} of ${formatSlots(cpuSlotsTotal)} reserved`,
    ...(rejectReason === null ? [] : [`  waits for  ${escapeForTerminal(rejectReason)}`]),
  ];
}

function percent(rate: number): string {
  return `${formatDecimal(rate * 100)} %`;
}

function formsOf({ blockedByForm }: Tally): string {
  const forms = Object.entries(blockedByForm).map(([form, count]) => `${escapeForTerminal(form)} ${count}`);
  return forms.length === 0 ? '' : ` (${forms.join(', ')})`;
}

/** The lines about one period. */
function tallyLines(title: string, tally: Tally): readonly string[] {
  const { averageWaitMs, longestWaitMs, waitsTimedOut } = tally;
  const waits =
    averageWaitMs === null || longestWaitMs === null
      ? 'none'
      : `${formatDuration(averageWaitMs)} on average, ${formatDuration(longestWaitMs)} at most`;
  const gaveUp = waitsTimedOut === 0 ? '' : `; ${waitsTimedOut} gave up`;
  return [
    `${title}`,
    `  runs       ${tally.runs} governed; raw ones: ${tally.warned} warned of, ${tally.blocked} blocked${formsOf(tally)}`,
    `  overrides  policy ${tally.policyOverrides} (${percent(tally.policyOverrideRate)}), overload ${tally.overloadOverrides} (${percent(tally.overloadOverrideRate)})`,
    `  waits      ${waits}${gaveUp}`,
  ];
}

/** What differs in the words of `status` from one place to the next. */
export interface SnapshotWording extends StatusWording {
  /** Which queue it is: `Queue of this repository`. */
  readonly queueTitle: string;
}

/** `status` for people. */
export function statusText(
  snapshot: StatusSnapshot,
  titles: readonly string[],
  wording: SnapshotWording,
  now: Date,
): readonly string[] {
  const { queue, periods } = snapshot;
  return [
    `${wording.queueTitle}: ${escapeForTerminal(queue.directory)}`,
    ...statusLines(queue, wording, now.getTime()),
    '',
    'Admission',
    ...budgetLines(snapshot),
    ...machineLines(snapshot),
    ...periods.flatMap((tally, index) => ['', ...tallyLines(titles[index] ?? '', tally)]),
  ];
}
