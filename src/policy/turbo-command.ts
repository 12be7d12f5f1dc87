import { literal } from './argument.ts';
import { mixedOptions } from './options.ts';

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

/** What a turbo command line asks for. */
export interface TurboCommand {
  /** The command that its first word names (`run`, `watch`, `prune`); null when there is none, or the word is a task. */
  readonly name: string | null;
  /** The words that are neither the command nor an option: the tasks. */
  readonly words: readonly string[];
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
  const [first, ...rest] = mixedOptions(args.map(literal), turboTakesValue).operands.map(
    ({ value }) => value,
  );
  if (first === undefined) return { name: null, words: [] };
  const isCommand = first === 'run' || first === 'watch' || tasklessCommands.has(first);
  return isCommand ? { name: first, words: rest } : { name: null, words: [first, ...rest] };
}

/** True for a command that starts no tasks. */
export function isTaskless({ name }: TurboCommand): boolean {
  return name !== null && tasklessCommands.has(name);
}
