import { formatDuration, ordinal } from '../durations.ts';
import { escapeForTerminal } from '../escape.ts';
import { entryName } from '../queue/entry-name.ts';
import type { HolderStatus, Outlook } from '../queue/status.ts';
import type { Ticket } from '../queue/ticket.ts';
import { timeToGo } from '../queue/time-to-go.ts';
import type { WaitView } from '../queue/wait.ts';

function describeHolder(holder: HolderStatus): string {
  const since = holder.heldMs === null ? 'has just started' : `has run for ${formatDuration(holder.heldMs)}`;
  const state = holder.state === 'stopped' ? ' and is stopped (SIGSTOP; kill -CONT lets it go on)' : '';
  return `${entryName(holder)} (pid ${holder.pid}, ${escapeForTerminal(holder.cwd)}) ${since}${state}`;
}

/** Nobody holds the queue: the first in line waits for something else, and knows what. */
function describeFirst(ticket: Ticket): string {
  return `behind ${entryName(ticket)} (pid ${ticket.waiter.pid}, ${escapeForTerminal(ticket.cwd)}), which is first in line and has not started yet`;
}

function estimate(ms: number | null): string {
  return ms === null ? 'no estimate yet' : timeToGo(ms);
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

/**
 * The same for one line of a terminal, of which the end may be cut off: position, how long yet and since when come first. That it
 * is not hung shows, as it is rewritten every second.
 */
export function waitingLine({ reason }: WaitView, outlook: Outlook): string {
  const [holder] = outlook.holders.filter(({ uncounted }) => uncounted === null);
  const start = `waiting, ${ordinal(outlook.position)} in line`;
  if (holder === undefined) {
    const { first } = outlook;
    return `${start}: ${reason ?? (first === null ? 'almost our turn' : describeFirst(first))}`;
  }
  const { startsInMs: ms } = outlook;
  const yet = ms !== null && ms <= 0 ? 'longer than usual' : estimate(ms);
  const since = holder.heldMs === null ? 'just begun' : `held for ${formatDuration(holder.heldMs)}`;
  const state = holder.state === 'stopped' ? ', stopped: kill -CONT lets it go on' : '';
  const place = `pid ${holder.pid}${state}, ${escapeForTerminal(holder.cwd)}`;
  return `${start}, ${yet}; ${since} by ${entryName(holder)} (${place})${reason === null ? '' : `; ${reason}`}`;
}
