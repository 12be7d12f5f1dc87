import { formatDuration, ordinal } from '../durations.ts';
import { escapeForTerminal } from '../escape.ts';
import { entryName } from './entry-name.ts';
import type { HolderStatus, QueueStatus, TicketStatus } from './status.ts';
import { numberOf, type Uncounted } from './ticket.ts';
import { timeToGo } from './time-to-go.ts';

function describe(entry: HolderStatus | TicketStatus): string {
  const asked = [
    ...(entry.memoryMb === null ? [] : [`${entry.memoryMb} MB`]),
    ...(entry.slots === 1 ? [] : [`${entry.slots} slots`]),
    ...(entry.exclusive ? ['the whole queue'] : []),
    ...(entry.overridesPolicy ? ['past the policy'] : []),
  ];
  const details = asked.length === 0 ? '' : `, asks for ${asked.join(', ')}`;
  return `${entryName(entry)} (${numberOf(entry.id)}, pid ${entry.pid} in ${escapeForTerminal(entry.cwd)}${details})`;
}

function skipWords(reason: Uncounted, envPrefix: string): string {
  switch (reason) {
    case 'overload':
      return `skipped the queue (${envPrefix}_ALLOW_OVERLOAD)`;
    case 'ci':
      return `skipped the queue (CI is set and ${envPrefix}_CI_QUEUE is not)`;
    case 'nested':
      return 'lies within another one that it would wait for';
    default:
      return reason satisfies never;
  }
}

const throttleWords = {
  none: '',
  slowed: '; slowed, because the machine is under strain',
  frozen: '; stands still until the machine has recovered',
  exempt: '',
} as const;

/** What differs in the words from one repository, and one shell, to the next. */
export interface StatusWording {
  readonly envPrefix: string;
  /** How this program is typed here. */
  readonly ownName: string;
}

function holderLines(holder: HolderStatus, { envPrefix, ownName }: StatusWording): readonly string[] {
  const { state, heldMs, expectedMs, uncounted } = holder;
  const since = heldMs === null ? 'has just started' : `for ${formatDuration(heldMs)}`;
  const left = expectedMs === null || heldMs === null ? '' : `, ${timeToGo(expectedMs - heldMs)}`;
  const held = throttleWords[holder.throttle];
  const skipped = uncounted === null ? '' : `; ${skipWords(uncounted, envPrefix)}, nobody waits for it`;
  const line = `  ${state.padEnd(10)} ${describe(holder)}, ${since}${left}${held}${skipped}`;
  switch (state) {
    case 'running':
      return [line];
    case 'stopped':
      return [line, `${''.padEnd(13)}It keeps its place. To let it go on: kill -CONT ${holder.pid}`];
    case 'abandoned':
      return [
        line,
        `${''.padEnd(13)}Its process is gone. The next run ends what is left of it, or: ${ownName} queue clean-stale`,
      ];
    default:
      return state satisfies never;
  }
}

function standingWords(ticket: TicketStatus): string {
  switch (ticket.state) {
    case 'active':
      return '';
    case 'stopped':
      return '; stopped, so it is passed over when its turn comes';
    case 'gone':
      return '; its process is gone, so it counts for nothing';
    case 'unseen':
      return '; its process cannot be seen from here';
    default:
      return ticket.state satisfies never;
  }
}

function ticketLine(ticket: TicketStatus): string {
  const { startsInMs } = ticket;
  const start =
    startsInMs === null || startsInMs <= 0 ? '' : `, starts in about ${formatDuration(startsInMs)}`;
  const position = `${ordinal(ticket.position)}`.padEnd(10);
  return `  ${position} ${describe(ticket)}, waits for ${formatDuration(ticket.ageMs)}${start}${standingWords(ticket)}`;
}

function lastReleaseLine({ lastRelease }: QueueStatus, now: number): readonly string[] {
  if (lastRelease === null) return [];
  const { id, signature, releasedAt, heldMs } = lastRelease;
  const name = escapeForTerminal(signature ?? lastRelease.class ?? 'a run');
  const held = heldMs === null ? '' : `, after ${formatDuration(heldMs)}`;
  const ago = formatDuration(Math.max(0, now - releasedAt));
  return [`  last release: ${name} (${numberOf(id)}), ${ago} ago${held}`];
}

/** One queue in words: who holds it, who waits, what cannot be read, what was released last. Safe for a terminal. */
export function statusLines(status: QueueStatus, wording: StatusWording, now: number): readonly string[] {
  const { holders, tickets, unreadable } = status;
  const isEmpty = holders.length + tickets.length + unreadable.length === 0;
  return [
    ...holders.flatMap((holder) => holderLines(holder, wording)),
    ...tickets.map(ticketLine),
    ...unreadable.map(
      (id) =>
        `  unreadable ${id}: set aside when it stays so, or now by: ${wording.ownName} queue clean-stale`,
    ),
    ...(isEmpty ? ['  free: nobody runs, nobody waits'] : []),
    ...lastReleaseLine(status, now),
  ];
}
