import { join } from 'node:path';
import { type History, historyName, readHistory } from './history.ts';

/** The history that a run may count on, and what is to be said about it; null when there is nothing to say. */
export interface OpenedHistory {
  readonly history: History;
  /** One sentence (the path in it is not escaped). */
  readonly sentence: string | null;
}

/**
 * Opens the history at the start of a run: empty where there is none yet or it cannot be used. What is no history is
 * moved aside by whoever meets it first, so that it is said once. Never throws.
 */
export function openHistory(stateDirectory: string): OpenedHistory {
  const reading = readHistory(stateDirectory);
  switch (reading.kind) {
    case 'ok':
      return { history: reading.history, sentence: null };
    case 'missing':
      return { history: new Map(), sentence: null };
    case 'unreadable': {
      const place = join(stateDirectory, historyName);
      const sentence = `${place}: ${reading.reason}; memory is taken from the seeded budgets`;
      return { history: new Map(), sentence };
    }
    case 'foreign': {
      // The lock's library takes longer to load than all the rest, and hardly any run needs it at its start.
      const { setHistoryAside }: typeof import('./history-file-part.ts') = require('./history-file-part.ts');
      return { history: new Map(), sentence: setHistoryAside(stateDirectory)?.sentence ?? null };
    }
    default:
      return reading satisfies never;
  }
}
