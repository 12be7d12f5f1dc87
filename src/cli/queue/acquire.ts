import { writeSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { capacityOf } from '../../admission/budget.ts';
import { measureTotals } from '../../admission/capacity.ts';
import { formatDuration } from '../../durations.ts';
import { systemReason } from '../../error-code.ts';
import { escapeForTerminal } from '../../escape.ts';
import { exitStatus } from '../../exit-status.ts';
import { endLease } from '../../queue/hold.ts';
import { type Acquired, acquirePlace, type PlaceRequest } from '../../runner/acquire.ts';
import { standardError } from '../../runner/standard-error.ts';
import { statusOfSignal } from '../../runner/supervise.ts';
import { readSeconds } from '../../settings.ts';
import { fail, ownCommand } from '../output.ts';
import { type OpenQueue, openContext, type QueueContext, readCount, readHolder, refusal } from './context.ts';

interface Options {
  readonly pid: string | undefined;
  readonly class: string;
  readonly slots: string;
  readonly memory: string | undefined;
  readonly exclusive: boolean;
  readonly timeout: string | undefined;
  readonly scope: 'repo' | 'machine' | undefined;
  readonly label: string | undefined;
}

/** How much of a label is kept: it is shown in one line. */
const longestLabel = 200;

/** Reads a number of seconds; null when it is none, which was said then. */
function readTimeoutMs(text: string): number | null {
  const typed = readSeconds('--timeout', text);
  if (typed.kind === 'ok') return typed.value * 1000;
  fail(exitStatus.usage, typed.sentence);
  return null;
}

function readPlace(options: Options, context: QueueContext): PlaceRequest | null {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(options.class)) {
    fail(
      exitStatus.usage,
      `--class: "${options.class}" is no class; a word of small letters, for example --class migration`,
    );
    return null;
  }
  const slots = readCount('slots', options.slots, 1);
  const memoryMb = options.memory === undefined ? undefined : readCount('memory', options.memory, 1);
  if (slots === null || memoryMb === null) return null;
  const holder = readHolder(options.pid);
  if (holder === null) return null;
  return {
    holder,
    class: options.class,
    label: options.label?.slice(0, longestLabel) ?? null,
    cwd: context.cwd,
    memoryMb: memoryMb ?? null,
    slots,
    exclusive: options.exclusive,
    overridesPolicy: context.settings.overridesPolicy,
  };
}

/** Says how a wait ended that led to no place, and gives the status for it. */
function reportNoPlace({ turn, waitedMs, reason }: Extract<Acquired, { kind: 'not-acquired' }>): void {
  switch (turn.kind) {
    case 'cancelled':
      fail(
        exitStatus.cancelled,
        `no place acquired: cancelled while it waited (${ownCommand('queue cancel')})`,
      );
      return;
    case 'interrupted':
      fail(statusOfSignal(turn.signal), 'no place acquired: interrupted while it waited');
      return;
    case 'timed-out': {
      const why = reason === null ? '' : ` (${escapeForTerminal(reason)})`;
      fail(
        exitStatus.waitTimedOut,
        `no place acquired: gave up after ${formatDuration(waitedMs)} in the queue${why}; "${ownCommand('queue status')}" shows who runs and who waits`,
      );
      return;
    }
    case 'failed':
      fail(
        exitStatus.waitTimedOut,
        `no place acquired. The queue cannot be used: ${systemReason(turn.error, 'a queue file')}; "${ownCommand('doctor')}" says more`,
      );
      return;
    default:
      turn satisfies never;
  }
}

/** Hands the lease over to the caller; a caller that never learns of it must not keep the queue closed. */
function handOver(acquired: Extract<Acquired, { kind: 'acquired' }>, place: OpenQueue): void {
  const { directory, scope } = place;
  const { lease, waitedMs } = acquired;
  try {
    writeSync(1, `${JSON.stringify({ id: lease.id, scope, directory })}\n`);
    process.exitCode = 0;
  } catch {
    endLease(directory, lease);
    fail(
      exitStatus.waitTimedOut,
      'the place was given back: its ticket could not be written to standard output',
    );
    return;
  }
  if (waitedMs >= 1000)
    standardError.say(`test-governor: has its place, after ${formatDuration(waitedMs)} in the queue.`);
}

async function run(options: Options): Promise<void> {
  const context = openContext();
  if (context === null) return;
  const { settings, environment, envPrefix } = context;
  const { queueTimeoutSeconds, killGraceSeconds, maxLoad, uncounted } = settings;
  const timeoutMs =
    options.timeout === undefined ? queueTimeoutSeconds * 1000 : readTimeoutMs(options.timeout);
  if (timeoutMs === null) return;
  const request = readPlace(options, context);
  if (request === null) return;
  const place = context.open(options.scope ?? settings.scope);
  if (place.kind !== 'ok') {
    fail(exitStatus.waitTimedOut, `no place acquired: ${refusal(place)}`);
    return;
  }
  const graceMs = killGraceSeconds * 1000;
  const capacity = capacityOf(measureTotals(), settings);
  const wait = { ...place, environment, envPrefix, timeoutMs, graceMs, uncounted, capacity, maxLoad };
  const acquired = await acquirePlace(request, wait, standardError);
  switch (acquired.kind) {
    case 'acquired':
      handOver(acquired, place);
      return;
    case 'not-acquired':
      reportNoPlace(acquired);
      return;
    default:
      acquired satisfies never;
  }
}

/** `test-governor queue acquire`: a place in the queue for a script. */
export const acquireCommand: CommandModule<object, Options> = {
  command: 'acquire',
  describe: 'Wait for a place in the queue and hold it for the calling script; prints its ticket as JSON',
  builder: (parser: Argv<object>) =>
    parser
      .option('pid', {
        type: 'string',
        requiresArg: true,
        describe:
          'the process that is to hold the place, until it ends or releases it: --pid $$ in a shell script; your caller when left out',
      })
      .option('class', {
        type: 'string',
        requiresArg: true,
        default: 'script',
        describe: 'what kind of work it is',
      })
      .option('slots', {
        type: 'string',
        requiresArg: true,
        default: '1',
        describe: 'CPU slots that it needs',
      })
      .option('memory', { type: 'string', requiresArg: true, describe: 'memory that it needs, in MB' })
      .option('exclusive', { type: 'boolean', default: false, describe: 'the whole queue to itself' })
      .option('timeout', {
        type: 'string',
        requiresArg: true,
        describe: 'seconds to wait before it gives up with status 75; 0 gives up at once',
      })
      .option('scope', {
        choices: ['repo', 'machine'] as const,
        requiresArg: true,
        describe: 'the queue of this repository, or of all your repositories on this machine',
      })
      .option('label', {
        type: 'string',
        requiresArg: true,
        describe: 'what it is for; shown to those who wait',
      })
      .example(
        "trap '$0 queue release --mine --pid $$' EXIT",
        'first: the place is given back however the script ends',
      )
      .example(
        "$0 queue acquire --pid $$ --label 'load test' >/dev/null || exit",
        'wait for the place, and hold it from here on',
      )
      .epilogue(
        'A place that its script forgets is given back when the script ends. Statuses: 75 the time was up or the queue cannot be used, 130 cancelled or Ctrl-C.',
      ),
  handler: run,
};
