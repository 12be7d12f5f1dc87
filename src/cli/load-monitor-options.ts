import { parseArgs } from 'node:util';
import { readLoad, readSeconds } from '../settings.ts';

/** How much `load-monitor` prints. */
export type Detail = 'quiet' | 'plain' | 'verbose' | 'json';

/** What `load-monitor` was asked for. */
export type LoadMonitorRequest =
  | {
      readonly kind: 'look';
      readonly detail: Detail;
      /** `--max-load`; null when it was not given. */
      readonly maxLoad: number | null;
      /** `--wait`; 0 for one look. */
      readonly waitSeconds: number;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** What `load-monitor --help` prints. */
export const loadMonitorHelp = `usage: load-monitor [--max-load N] [--quiet | --verbose | --json] [--wait SECONDS]

Says whether the machine has room for more work: compares its load average with MAX_LOAD.

  --max-load N     the load average above which the answer is no-go; wins over MAX_LOAD
  --wait SECONDS   look again until the answer is go or the time is over
  --quiet          print nothing, the exit status is the answer
  --verbose        also print CPUs, stalls (PSI), memory and pressure level
  --json           the same as one line of JSON
  --help           this text

  MAX_LOAD=N                    default 8, or "maxLoad" in test-governor.config.json
  TEST_THROTTLE_ENABLED=false   always go

exit status: 0 go, 1 no-go, 64 bad usage, 74 output cannot be written, 75 current directory deleted, 78 invalid config

  load-monitor --wait 600 && make check
  load-monitor --max-load 4 --quiet || echo 'busy, later'`;

const options = {
  'max-load': { type: 'string' },
  wait: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  verbose: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function refused(sentence: string): LoadMonitorRequest {
  return { kind: 'refused', sentence };
}

/** Reads the words after `load-monitor`. Never throws. */
export function parseLoadMonitor(words: readonly string[]): LoadMonitorRequest {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args: [...words], options, allowPositionals: false }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refused(message.split('. ', 1)[0]?.split('\n', 1)[0] ?? message);
  }
  if (values.help) return { kind: 'help' };
  const details = (['quiet', 'verbose', 'json'] as const).filter((name) => values[name]);
  if (details.length > 1) return refused(`--${details.join(' and --')} exclude each other: give one of them`);
  const maxLoad = values['max-load'] === undefined ? null : readLoad('--max-load', values['max-load']);
  const wait = values.wait === undefined ? null : readSeconds('--wait', values.wait);
  if (maxLoad?.kind === 'invalid') return refused(maxLoad.sentence);
  if (wait?.kind === 'invalid') return refused(wait.sentence);
  return {
    kind: 'look',
    detail: details[0] ?? 'plain',
    maxLoad: maxLoad?.value ?? null,
    waitSeconds: wait?.value ?? 0,
  };
}
