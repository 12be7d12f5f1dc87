import { readLoad, readSeconds } from '../settings.ts';

/** What `safe-test-runner` was asked for. */
export type SafeTestRequest =
  | {
      readonly kind: 'run';
      /** `--timeout` in seconds, 0 for none; undefined when it was not given. */
      readonly timeoutSeconds: number | undefined;
      /** `--max-load`; undefined when it was not given. */
      readonly maxLoad: number | undefined;
      /** `--workers`, as pytest-xdist reads it; undefined when it was not given. */
      readonly workers: string | undefined;
      /** Everything for pytest. */
      readonly args: readonly string[];
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** The text of `safe-test-runner --help`. */
export const safeTestRunnerHelp = `usage: safe-test-runner [options] [--] <pytest arguments>

Runs the project's own pytest as a governed run: waits for its turn and for a machine that can bear it, takes as many
pytest-xdist workers as the load allows (1 at high load, 2 at medium, auto at low), slows down while others need the
machine, ends everything it started when its time is up, and gives pytest's own exit status.

In a script, replace the word pytest by safe-test-runner; whatever is not listed here goes to pytest as it stands.

  --timeout SECONDS   end the run after so long (0: never); pytest's own --timeout goes behind a --
  --max-load N        the load average above which it waits and is slowed down (MAX_LOAD, 8)
  --workers N|auto    this many workers, whatever the load; as -n of pytest-xdist does
  --help              this text

  TEST_THROTTLE_ENABLED=false   no load checks and no slowing down

For example:
  safe-test-runner tests/unit -x
  safe-test-runner --timeout 600 --workers 2 -- tests --timeout=30
`;

interface Found {
  readonly value: string;
  readonly length: 1 | 2;
}

/** The value of one of our options at the front of the words; null when another word stands there. */
function optionAt(words: readonly string[], name: string): Found | null {
  const [first = '', second] = words;
  if (first.startsWith(`${name}=`)) return { value: first.slice(name.length + 1), length: 1 };
  return first === name ? { value: second ?? '', length: 2 } : null;
}

/** Reads our own options up to the first word that is none of them; the rest is pytest's. Pure. */
export function parseSafeTestRunner(words: readonly string[]): SafeTestRequest {
  let rest = words;
  let timeoutSeconds: number | undefined;
  let maxLoad: number | undefined;
  let workers: string | undefined;
  const refused = (sentence: string): SafeTestRequest => ({ kind: 'refused', sentence });
  while (rest.length > 0) {
    if (rest[0] === '--help') return { kind: 'help' };
    const timeout = optionAt(rest, '--timeout');
    const load = optionAt(rest, '--max-load');
    const count = optionAt(rest, '--workers');
    const found = timeout ?? load ?? count;
    if (found === null) break;
    if (timeout !== null) {
      const typed = readSeconds('--timeout', timeout.value);
      if (typed.kind === 'invalid') return refused(typed.sentence);
      timeoutSeconds = typed.value;
    }
    if (load !== null) {
      const typed = readLoad('--max-load', load.value);
      if (typed.kind === 'invalid') return refused(typed.sentence);
      maxLoad = typed.value;
    }
    if (count !== null) {
      if (!/^([1-9]\d{0,3}|auto|logical)$/.test(count.value)) {
        return refused(`--workers=${count.value}: expected a number of workers, or auto`);
      }
      workers = count.value;
    }
    rest = rest.slice(found.length);
  }
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  return { kind: 'run', timeoutSeconds, maxLoad, workers, args };
}
