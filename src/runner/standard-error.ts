import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import { isInBackground } from './foreground.ts';
import { isTerminal } from './terminal.ts';
import type { WaitingOutput } from './waiting-display.ts';

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
export const standardError: WaitingOutput = {
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
