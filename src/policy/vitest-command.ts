import { literal } from './argument.ts';
import { mixedOptions } from './options.ts';

/** Both spellings of an option. */
function spellings(name: string): readonly string[] {
  return [`--${name}`, `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`];
}

/** Options of vitest whose value may be the next word; https://vitest.dev/guide/cli. */
const takesValue: ReadonlySet<string> = new Set([
  '-c',
  '-r',
  '-t',
  ...[
    'config',
    'configLoader',
    'root',
    'dir',
    'workspace',
    'project',
    'testNamePattern',
    'reporter',
    'reporters',
    'outputFile',
    'pool',
    'environment',
    'browser',
    'browser.name',
    'mode',
    'shard',
    'maxWorkers',
    'minWorkers',
    'maxConcurrency',
    'exclude',
    'retry',
    'bail',
    'testTimeout',
    'hookTimeout',
    'teardownTimeout',
    'slowTestThreshold',
    'diff',
    'coverage.provider',
    'coverage.reporter',
    'coverage.include',
    'coverage.exclude',
    'coverage.reportsDirectory',
    'typecheck.checker',
    'typecheck.tsconfig',
    'sequence.seed',
  ].flatMap(spellings),
]);

/** Vitest's commands. `typecheck` is one until 0.34; later it is a filter of a vitest that watches, unless it is told to run once. */
const commands = ['run', 'related', 'watch', 'dev', 'bench', 'list', 'init', 'typecheck'] as const;

/** What a vitest command line asks for. */
export interface VitestCommand {
  /** The command that its first operand names; null when there is none, or that is a filter. */
  readonly name: (typeof commands)[number] | null;
  /** Where that word stands; -1 when it does not. */
  readonly at: number;
  /** The arguments without it. */
  readonly rest: readonly string[];
}

/** Reads vitest's arguments: its options may stand before the command. */
export function readVitestCommand(args: readonly string[]): VitestCommand {
  const all = args.map(literal);
  const [first] = mixedOptions(all, takesValue).operands;
  const name = commands.find((command) => command === first?.value) ?? null;
  if (first === undefined || name === null) return { name: null, at: -1, rest: args };
  const at = all.indexOf(first);
  return { name, at, rest: [...args.slice(0, at), ...args.slice(at + 1)] };
}
