import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import { isInBackground } from './foreground.ts';
import { isTerminal } from './terminal.ts';

/** Where a governed run speaks, and a command that waits for its turn. */
export interface RunOutput {
  /** Prints lines on standard error, made safe for a terminal. Never throws. */
  readonly say: (text: string) => void;
  /** Prints text on standard error as it is. Never throws. */
  readonly write: (text: string) => void;
  /** Standard error is a terminal. */
  readonly isTerminal: boolean;
  /** Somebody else has it: in the background of a shell, a line that is rewritten takes away what its user types. `fg` ends that untold. */
  readonly isInBackground: boolean;
  /** Its width in columns. */
  readonly columns: number;
}

/** Writes to standard error. Its reader may be gone, or the terminal closed: the run goes on without its words. */
function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    return;
  }
}

/**
 * Standard error as the place where a governed run speaks: what is said in lines is made safe for a terminal. Node's own stream
 * is not touched before somebody has to know its width: setting it up takes milliseconds of every start.
 */
export const standardError: RunOutput = {
  say: (text) => write(`${text.split('\n').map(escapeForTerminal).join('\n')}\n`),
  write,
  get isTerminal() {
    return isTerminal(2);
  },
  get isInBackground() {
    return isInBackground();
  },
  get columns() {
    // A terminal that was given no size says 0: expect, script and containers make such.
    return process.stderr.columns || 80;
  },
};
