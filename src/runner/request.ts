import { isAbsolute, relative } from 'node:path';
import type { Environment } from '../env.ts';
import { intentNames, isIntent } from '../policy/intents.ts';
import { quoteWord } from '../policy/quote.ts';
import { governedScript } from '../policy/script-launchers.ts';
import type { Intent } from '../policy/verdict.ts';
import { findRepository } from '../repository.ts';

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
  return intentNames.find((name) => name.startsWith(word.slice(0, 2)) || word.includes(name)) ?? 'jest';
}

/** Programs that start others by name, and Python with any version. Not one long pattern: each start would have to make it. */
const launchers = new Set(
  'npx pnpx bunx npm pnpm yarn bun node nodejs corepack env command exec nice nohup time timeout sudo sh bash zsh dash uv poetry pipx cross-env test-governor with-guard safe-test-runner'.split(
    ' ',
  ),
);

function isLauncherName(name: string): boolean {
  return launchers.has(name) || (name.startsWith('python') && /^python[0-9.]*$/.test(name));
}

/** What is behind a package manager's name when it is meant to run something, and not a directory of that name. */
const subcommands = new Set(['exec', 'x', 'dlx', 'run', 'test', 't', 'tst', 'workspace']);

/** A runner's name with a version, a program of that name among installed ones, or its main file. Other paths are patterns. */
const runnerWord =
  /^(?:(?:.*\/)?\.bin\/|(?:.*\/)?node_modules\/.*|.*\/bin\/(?=py))?(jest|vitest|turbo|pytest|py\.test)(?:@[\w.^~-]+)?(?:\.m?js)?$/;

/** The intent of the runner that a word starts; null for any other word. */
function runnerIn(word: string): Intent | null {
  // Told beforehand by what every match has in it: the first use of a pattern is what takes long.
  if (!['jest', 'vitest', 'turbo', 'py'].some((part) => word.includes(part))) return null;
  const name = runnerWord.exec(word)?.[1] ?? '';
  const runner = name === 'py.test' ? 'pytest' : name;
  return isIntent(runner) ? runner : null;
}

/** A command that somebody wants to have started, and the runner that it would start in the end. */
interface NestedCommand {
  readonly intent: Intent | null;
  readonly args: readonly string[];
}

/** The command that `words` are, when they begin with one; null when they are arguments of a runner. */
function nestedCommand(words: readonly string[]): NestedCommand | null {
  const [first = '', second = ''] = words;
  const isLauncher = isLauncherName(first.slice(first.lastIndexOf('/') + 1)) && !first.startsWith('./');
  const at = isLauncher ? words.findIndex((word) => runnerIn(word) !== null) : 0;
  const found = runnerIn(words[at] ?? '');
  if (found === null) return isLauncher && subcommands.has(second) ? { intent: null, args: [] } : null;
  return { intent: found, args: withoutLeadingDashes(words.slice(at + 1)) };
}

/** The governed command for one that somebody has tried to start inside of it. */
function commandFor({ intent, args }: NestedCommand, fallback: Intent, own: string): string {
  const words = args.length === 0 ? '' : ` -- ${args.map(quoteWord).join(' ')}`;
  return `${own} run ${intent ?? fallback}${words}`;
}

/** Why the arguments of an intent are none; null when they are. */
function refusalOf(intent: Intent, args: readonly string[], own: string): string | null {
  // Its first argument is the runner.
  const words = intent === 'watch-exclusive' ? args.slice(1) : args;
  const nested = nestedCommand(words);
  if (nested === null) return null;
  const [first = ''] = words;
  const runner = intent === 'watch-exclusive' ? nearest(args[0] ?? '') : intent;
  const started = intent === 'changed' ? 'the runner' : runner;
  if (nested.intent === null) {
    return `a governed run starts ${started} itself, not "${first}"; give it ${started}'s own arguments: ${own} run ${intent} -- <arguments>`;
  }
  const command =
    intent === 'watch-exclusive'
      ? commandFor({ intent, args: [nested.intent, ...nested.args] }, intent, own)
      : commandFor(nested, intent, own);
  const pattern = words.length === 1 && intent !== 'turbo' ? `; for a path of that name: ./${first}` : '';
  return `a governed run starts ${started} itself, and no other command in it; type: ${command}${pattern}`;
}

/**
 * Reads the words after `run`. npm drops a leading `--`, pnpm keeps it, yarn 1 drops the first of a line: so any number
 * of them before the intent and before its arguments means the same.
 * @param own how this program is typed here, for what it suggests.
 */
export function parseRunRequest(words: readonly string[], own = 'test-governor'): RunRequest {
  const [word, ...rest] = withoutLeadingDashes(words);
  if (word === '--help' || word === '-h') return { kind: 'help' };
  if (word === undefined) {
    return { kind: 'refused', sentence: `say what to run, for example: ${own} run jest -- src` };
  }
  if (!isIntent(word)) {
    const nested = nestedCommand([word, ...rest]) ?? { intent: nearest(word), args: [] };
    const sentence = `"${word}" is not something that a governed run starts (${intentNames.join(', ')}); did you mean: ${commandFor(nested, nearest(word), own)}`;
    return { kind: 'refused', sentence };
  }
  const args = withoutLeadingDashes(rest);
  const refusal = refusalOf(word, args, own);
  return refusal === null ? { kind: 'run', intent: word, args } : { kind: 'refused', sentence: refusal };
}

/**
 * Where the run happens: the directory that the user was in. A package manager that went up to the package with the governed script
 * says it in INIT_CWD. One that was told to go to another package (`npm -w`, `pnpm --filter`, `yarn --cwd`) says so too: there the
 * tests of that one are meant. It counts only within the same repository, because it is inherited for ever.
 */
export function runDirectory(cwd: string, environment: Environment): string {
  const asked = environment.INIT_CWD;
  const isOurScript = environment.npm_lifecycle_event === governedScript;
  if (!isOurScript || asked === undefined || !isAbsolute(asked)) return cwd;
  const way = relative(cwd, asked);
  if (way === '..' || way.startsWith('../') || isAbsolute(way)) return cwd;
  const here = findRepository(cwd)?.top;
  const there = findRepository(asked)?.top;
  return here === there ? asked : cwd;
}
