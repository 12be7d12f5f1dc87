import { formatDuration, ordinal } from '../durations.ts';
import { escapeForTerminal } from '../escape.ts';
import type { HolderStatus, Outlook } from '../queue/status.ts';
import type { Ticket } from '../queue/ticket.ts';
import type { WaitView } from '../queue/wait.ts';

function nameOf({
  signature,
  class: kind,
}: {
  readonly signature: string | null;
  readonly class: string;
}): string {
  return escapeForTerminal(signature ?? kind);
}

function describeHolder(holder: HolderStatus): string {
  const since = holder.heldMs === null ? 'has just started' : `has run for ${formatDuration(holder.heldMs)}`;
  const state = holder.state === 'stopped' ? ' and is stopped (SIGSTOP; kill -CONT lets it go on)' : '';
  return `${nameOf(holder)} (pid ${holder.pid}, ${escapeForTerminal(holder.cwd)}) ${since}${state}`;
}

/** Nobody holds the queue: the first in line waits for something else, and knows what. */
function describeFirst({ signature, class: kind, waiter, cwd }: Ticket): string {
  return `behind ${nameOf({ signature, class: kind })} (pid ${waiter.pid}, ${escapeForTerminal(cwd)}), which is first in line and has not started yet`;
}

function estimate(ms: number | null): string {
  if (ms === null) return 'no estimate yet';
  return ms <= 0 ? 'longer than such runs usually take' : `about ${formatDuration(ms)} to go`;
}

function whenOf(
  ms: number | null,
  standing: { readonly isHeld: boolean; readonly isBehind: boolean },
): string {
  if (standing.isHeld) return `; ${estimate(ms)}`;
  if (standing.isBehind)
    return ms === null ? '; no estimate yet' : `; about ${formatDuration(ms)} once it has`;
  // What nobody holds up has no end that past durations tell.
  return '';
}

/** One sentence about where a waiter stands, for its terminal or log: position, who holds the queue and since when, how long yet. */
export function waitingSentence({ reason }: WaitView, outlook: Outlook): string {
  const { first: ahead } = outlook;
  const holders = outlook.holders.filter(({ uncounted }) => uncounted === null);
  const [first, ...others] = holders;
  const who =
    first === undefined
      ? (reason ?? (ahead === null ? 'the queue is free and it is almost our turn' : describeFirst(ahead)))
      : `${describeHolder(first)}${others.length > 0 ? ` with ${others.length} more` : ''}`;
  const why = reason !== null && first !== undefined ? `; ${reason}` : '';
  const when = whenOf(outlook.startsInMs, { isHeld: first !== undefined, isBehind: ahead !== null });
  return `waiting, ${ordinal(outlook.position)} in line: ${who}${why}${when}. Waiting, not hung.`;
}
