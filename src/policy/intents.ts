import type { Intent, Runner } from './verdict.ts';

/** Everything that a governed run can be asked to do, and the runner that it starts; null where that is the workspace's own or named behind it. */
const runnersOf: Readonly<Record<Intent, Runner | null>> = {
  jest: 'jest',
  vitest: 'vitest',
  turbo: 'turbo',
  changed: null,
  pytest: 'pytest',
  'watch-exclusive': null,
};

/** True when `word` names an intent. */
export function isIntent(word: string): word is Intent {
  return Object.hasOwn(runnersOf, word);
}

/** The names of all intents. */
export const intentNames: readonly Intent[] = Object.keys(runnersOf).filter(isIntent);

/** The runner that an intent names; null for one that names none. */
export function runnerOf(intent: Intent): Runner | null {
  return runnersOf[intent];
}
