import type { Argv, CommandModule } from 'yargs';
import { capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import { monotonicMs } from '../clock.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { scanEvents } from '../insight/status/scan.ts';
import { parseSince } from '../insight/status/since.ts';
import { type StatusSnapshot, takeSnapshot } from '../insight/status/snapshot.ts';
import { startOfDay, type Tally, tallyPeriods } from '../insight/status/tally.ts';
import { statusText } from '../insight/status/words.ts';
import { ownName } from '../own-name.ts';
import { mainWorktree } from '../repository.ts';
import { isPrintOnly } from '../runner/terminal.ts';
import { openStateDirectory } from '../state-directory.ts';
import { fail, print } from './output.ts';
import { type OpenQueue, openContext, type QueueContext, refusal, titleOf } from './queue/context.ts';

interface Options {
  readonly json: boolean;
  readonly watch: boolean;
  readonly since: string | undefined;
}

/** How often `--watch` looks, in milliseconds. */
const watchMs = 1000;

/** The counts are made anew this seldom while watching, in milliseconds: they change with every run, not with every second. */
const recountMs = 10_000;

interface Period {
  readonly title: string;
  readonly since: Date;
}

/** The counts of all periods, and when they were made. */
interface Counted {
  readonly at: number;
  readonly tallies: readonly Tally[];
  readonly titles: readonly string[];
}

function periodsFor(since: Date | null, asked: string | undefined, now: Date): readonly Period[] {
  if (since !== null) return [{ title: `Since ${asked ?? since.toISOString()}`, since }];
  return [
    { title: 'Today', since: startOfDay(now) },
    { title: 'The last seven days', since: new Date(now.getTime() - 7 * 86_400_000) },
  ];
}

/** Counts what telemetry says of the periods; a state directory that cannot be used has none. */
function count({ environment, envPrefix, cwd }: QueueContext, periods: readonly Period[]): readonly Tally[] {
  const state = openStateDirectory({ environment, envPrefix, cwd, mainWorktree });
  const since = periods.map((period) => period.since);
  const first = new Date(Math.min(...since.map((time) => time.getTime())));
  const events = state.kind === 'ok' ? scanEvents(state.path, first.toISOString()) : [];
  return tallyPeriods(events, since);
}

function toJson({ queue, budgets, machine, rejectReason, periods }: StatusSnapshot): string {
  const { pressure, load } = machine;
  return JSON.stringify({
    queue,
    budgets,
    pressure_level: pressure.level,
    load: load.kind === 'measured' ? load.average : null,
    reject_reason: rejectReason,
    periods,
  });
}

/** Shows the status again every second until somebody ends it; on a terminal in place. */
async function watch(show: () => string, isTerminal: boolean): Promise<never> {
  for (;;) {
    const text = show();
    // Home, the text with the rest of each line cleared, and everything below it: without a flicker.
    const clearEnds = `${text.replaceAll('\n', '\u001b[K\n')}\u001b[K\n\u001b[J`;
    process.stdout.write(isTerminal ? `\u001b[H${clearEnds}` : `${text}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, watchMs));
  }
}

async function show(options: Options, context: QueueContext, place: OpenQueue): Promise<void> {
  const now = new Date();
  const since = options.since === undefined ? null : parseSince(options.since, now);
  if (options.since !== undefined && since === null) {
    fail(
      exitStatus.usage,
      `--since: "${options.since}" is no period; for example --since 12h, --since 30d, --since 2026-03-01`,
    );
    return;
  }
  const { settings, envPrefix } = context;
  const capacity = capacityOf(measureTotals(), settings);
  const snapshotPlace = { ...place, capacity, maxLoad: settings.maxLoad };
  let counted: Counted = { at: Number.NEGATIVE_INFINITY, tallies: [], titles: [] };
  const render = (): string => {
    const time = new Date();
    if (monotonicMs() - counted.at > recountMs) {
      const periods = periodsFor(since, options.since, time);
      const tallies = count(context, periods);
      counted = { at: monotonicMs(), tallies, titles: periods.map(({ title }) => title) };
    }
    const snapshot = takeSnapshot(snapshotPlace, counted.tallies);
    return options.json
      ? toJson(snapshot)
      : statusText(
          snapshot,
          counted.titles.map(escapeForTerminal),
          { envPrefix, ownName: ownName(process.env), queueTitle: titleOf(place, context) },
          time,
        ).join('\n');
  };
  if (!options.watch) {
    print(render());
    return;
  }
  const isTerminal = process.stdout.isTTY === true && !isPrintOnly(process.env) && !options.json;
  if (isTerminal) process.stdout.write('\u001b[2J');
  await watch(render, isTerminal);
}

async function run(options: Options): Promise<void> {
  const context = openContext();
  if (context === null) return;
  const place = context.open(context.settings.scope);
  if (place.kind !== 'ok') {
    fail(exitStatus.waitTimedOut, refusal(place));
    return;
  }
  await show(options, context, place);
}

/** `test-governor status`: the queue, the budgets, the machine, and what was blocked, overridden and waited for. */
export const statusCommand: CommandModule<object, Options> = {
  command: 'status',
  describe:
    'Show who runs and waits, the budgets, the pressure, and what was blocked, overridden and waited for',
  builder: (parser: Argv<object>) =>
    parser
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print it as JSON (schemas/status.schema.json)',
      })
      .option('watch', {
        type: 'boolean',
        default: false,
        describe: 'show it again every second, until Ctrl-C',
      })
      .option('since', {
        type: 'string',
        requiresArg: true,
        describe: 'count since then (90m, 12h, 7d, 2w, or a date) instead of today and seven days',
      })
      .example('$0 status --watch', 'what goes on, second by second')
      .example('$0 status --since 1d --json', 'an aggregate for a cron job to keep'),
  handler: run,
};
