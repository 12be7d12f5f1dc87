import { isAbsolute } from 'node:path';
import type { Environment } from '../env.ts';
import type { Intent } from '../policy/verdict.ts';
import { findRepository, governedScript } from '../repository.ts';
import { intents, isIntent } from './intents/index.ts';

/** What `test-governor run …` was asked for. */
export type RunRequest =
  | { readonly kind: 'run'; readonly intent: Intent; readonly args: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly sentence: string };

function withoutLeadingDashes(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => word !== '--');
  return first === -1 ? [] : words.slice(first);
}

/** The intent that somebody who typed `word` most likely meant. */
function nearest(word: string): Intent {
  const names: readonly Intent[] = ['jest', 'vitest', 'turbo', 'changed', 'pytest', 'watch-exclusive'];
  return names.find((name) => name.startsWith(word.slice(0, 2)) || word.includes(name)) ?? 'jest';
}

/**
 * Reads the words after `run`. npm drops a leading `--`, pnpm keeps it, yarn 1 drops the first of a line: so any number
 * of them before the intent and before its arguments means the same.
 */
export function parseRunRequest(words: readonly string[]): RunRequest {
  const [word, ...rest] = withoutLeadingDashes(words);
  if (word === '--help' || word === '-h') return { kind: 'help' };
  if (word === undefined) {
    return { kind: 'refused', sentence: 'say what to run, for example: test-governor run jest -- src' };
  }
  if (!isIntent(word)) {
    const sentence = `"${word}" is not something that a governed run starts (${Object.keys(intents).join(', ')}); did you mean: test-governor run ${nearest(word)}`;
    return { kind: 'refused', sentence };
  }
  return { kind: 'run', intent: word, args: withoutLeadingDashes(rest) };
}

/**
 * Where the run happens: the directory that the user was in. A package manager that went to the root for the governed
 * script says it in INIT_CWD; it counts only within the same repository, because it is inherited for ever.
 */
export function runDirectory(cwd: string, environment: Environment): string {
  const asked = environment.INIT_CWD;
  const isOurScript = environment.npm_lifecycle_event === governedScript;
  if (!isOurScript || asked === undefined || !isAbsolute(asked)) return cwd;
  const here = findRepository(cwd)?.top;
  const there = findRepository(asked)?.top;
  return here === there ? asked : cwd;
}
