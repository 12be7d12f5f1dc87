import { writeSync } from 'node:fs';
import { monotonicMs, sleepSync } from '../clock.ts';
import { errorCode } from '../error-code.ts';
import { escapeForTerminal } from '../escape.ts';
import { isInBackground } from './foreground.ts';
import { isPrintOnly, isTerminal } from './terminal.ts';

/** Where a governed run speaks, and a command that waits for its turn. */
export interface RunOutput {
  /** Prints lines on standard error, made safe for a terminal. Never throws. */
  readonly say: (text: string) => void;
  /** Prints text on standard error as it is. Never throws. */
  readonly write: (text: string) => void;
  /** Standard error is a terminal whose line can be rewritten. */
  readonly isTerminal: boolean;
  /** Somebody else has it: in the background of a shell, a line that is rewritten takes away what its user types. `fg` ends that untold. */
  readonly isInBackground: boolean;
  /** Its width in columns. */
  readonly columns: number;
}

/** How long a message waits for a reader that is behind: one that stands still must not hold up the end of a run. */
const patienceMs = 1000;

/** Nothing was read for that long: the next messages do not wait, until one gets through. */
let isReaderStill = false;

/**
 * Writes to standard error. Its reader may be gone, or the terminal closed: the run goes on without its words. One that is only
 * behind is waited for: a runner in node makes the pipe that it shares with us non-blocking, for as long as it runs and for good
 * when it is killed, and a full pipe then refuses what it would else keep waiting.
 */
function write(text: string): void {
  const until = monotonicMs() + (isReaderStill ? 0 : patienceMs);
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') return;
      isReaderStill = monotonicMs() >= until;
      if (isReaderStill) return;
      sleepSync(10);
    }
  }
  isReaderStill = false;
}

/**
 * Standard error as the place where a governed run speaks: what is said in lines is made safe for a terminal. Node's own stream
 * is not touched before somebody has to know its width: setting it up takes milliseconds of every start.
 */
export const standardError: RunOutput = {
  say: (text) => write(`${text.split('\n').map(escapeForTerminal).join('\n')}\n`),
  write,
  get isTerminal() {
    return isTerminal(2) && !isPrintOnly(process.env);
  },
  get isInBackground() {
    return isInBackground();
  },
  get columns() {
    // A terminal that was given no size says 0: expect, script and containers make such.
    return process.stderr.columns || 80;
  },
};
