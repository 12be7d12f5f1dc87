import { literal } from './argument.ts';
import { has, mixedOptions } from './options.ts';

/** Options of turbo whose value may be the next word. */
export const turboTakesValue: ReadonlySet<string> = new Set([
  '-F',
  '--filter',
  '--scope',
  '--since',
  '--concurrency',
  '--cwd',
  '--cache',
  '--cache-dir',
  '--cache-workers',
  '--env-mode',
  '--global-deps',
  '--graph-file',
  '--ignore',
  '--log-order',
  '--log-prefix',
  '--output-logs',
  '--profile',
  '--remote-cache-timeout',
  '--team',
  '--token',
  '--api',
  '--login',
  '--ui',
  '--heap',
  '--trace',
  '--verbosity',
  '--root-turbo-json',
]);

/** Options with which turbo prints something, whatever else it is told. */
export const turboPrints = ['-h', '--help', '--version'] as const;

/** Options with which it only says what it would do. */
export const turboDryRun = ['--dry', '--dry-run', '--graph'] as const;

/** What a turbo command line asks for. */
export interface TurboCommand {
  /** The command that its first word names (`run`, `watch`, `prune`); null when there is none, or the word is a task. */
  readonly name: string | null;
  /** The words that are neither the command nor an option: the tasks. */
  readonly words: readonly string[];
  /** It prints something, and starts nothing. */
  readonly isLook: boolean;
}

/** Turbo's commands that start no tasks; https://turborepo.com/docs/reference. */
const tasklessCommands = new Set([
  'bin',
  'boundaries',
  'completion',
  'config',
  'daemon',
  'devtools',
  'docs',
  'gen',
  'generate',
  'get-mfe-port',
  'info',
  'link',
  'login',
  'logout',
  'ls',
  'prune',
  'query',
  'scan',
  'telemetry',
  'unlink',
]);

/** Reads turbo's arguments: its options may stand before the command. */
export function readTurboCommand(args: readonly string[]): TurboCommand {
  const { options, operands } = mixedOptions(args.map(literal), turboTakesValue);
  const words = operands.map(({ value }) => value);
  const isLook = has(options, ...turboPrints, ...turboDryRun);
  const [first, ...rest] = words;
  const isCommand = first === 'run' || first === 'watch' || tasklessCommands.has(first ?? '');
  return isCommand && first !== undefined
    ? { name: first, words: rest, isLook }
    : { name: null, words, isLook };
}

/** The name of a command that starts no tasks; null for any other. */
export function tasklessName({ name }: TurboCommand): string | null {
  return name !== null && tasklessCommands.has(name) ? name : null;
}
