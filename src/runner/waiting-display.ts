import { monotonicMs } from '../clock.ts';
import { readOutlook } from '../queue/status.ts';
import type { WaitView } from '../queue/wait.ts';
import type { RunOutput } from './standard-error.ts';
import { waitingLine, waitingSentence } from './waiting-words.ts';

/** Tells a waiting user how things stand. */
export interface WaitingDisplay {
  /** How often it wants to show something, in milliseconds. */
  everyMs(): number;
  show(view: WaitView): void;
  /** Leaves the terminal as a finished line leaves it, for whatever is said next. */
  makeRoom(): void;
}

/** Where nothing can be rewritten, a line at once and then one in this many milliseconds. */
const lineEveryMs = 30_000;

/** A terminal's line is rewritten at most this often, in milliseconds. */
const rewriteEveryMs = 1000;

/** A timer may be a little early; what is due then is not put off to the next one. In milliseconds. */
const slackMs = 50;

const clearLine = '\r\u001b[K';

/**
 * What a terminal does with text at its right edge: keeps it there, or goes on in the next row (DECAWM,
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
 */
const stayInRow = '\u001b[?7l';
const wrapAgain = '\u001b[?7h';

/** On a terminal one line that rewrites itself, otherwise a line at once and one every 30 s. */
export function createWaitingDisplay(
  directory: string,
  output: RunOutput,
  now: () => number = monotonicMs,
): WaitingDisplay {
  const isRewriting = () => output.isTerminal && !output.isInBackground;
  const expected = new Map<string, number | null>();
  let shownAt: number | null = null;
  return {
    // Also in the background: who has been brought back from there would look at nothing for half a minute.
    everyMs: () => (output.isTerminal ? rewriteEveryMs : lineEveryMs),
    show(view) {
      const rewrites = isRewriting();
      const everyMs = rewrites ? rewriteEveryMs : lineEveryMs;
      if (shownAt !== null && now() - shownAt < everyMs - slackMs) return;
      shownAt = now();
      const outlook = readOutlook(directory, view.ticket.id, expected);
      if (!rewrites) {
        output.say(`test-governor: ${waitingSentence(view, outlook)}`);
        return;
      }
      const line = `test-governor: ${waitingLine(view, outlook)}`;
      // A line that wraps cannot be rewritten. How many columns a letter takes, the terminal alone knows.
      const cut = line.slice(0, Math.max(20, output.columns - 1));
      output.write(`${stayInRow}${clearLine}${cut}${wrapAgain}`);
    },
    makeRoom() {
      if (shownAt !== null && isRewriting()) output.write(clearLine);
    },
  };
}
