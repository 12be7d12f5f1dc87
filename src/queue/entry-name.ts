import { escapeForTerminal } from '../escape.ts';
import type { TicketRequest } from './ticket.ts';

/** What people are told that an entry is: its signature, or its class where that is not known. Safe for a terminal. */
export function entryName({ signature, class: kind }: Pick<TicketRequest, 'signature' | 'class'>): string {
  return escapeForTerminal(signature ?? kind);
}
