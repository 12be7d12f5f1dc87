/**
 * Options of vitest that take no value, of all its versions, as they are declared: in another spelling (`--pass-with-no-tests`) its parser
 * does not know them, and gives them one. https://vitest.dev/guide/cli
 */
const switches = `
version help update watch ui open silent hideSkippedTests isolate globals dom fileParallelism passWithNoTests logHeapUsage
allowOnly dangerouslyIgnoreUnhandledErrors expandSnapshotDiff disableConsoleIntercept cache run color clearScreen standalone
printConsoleTrace filesOnly includeTaskLocation detectAsyncLeaks clearCache strictTags staticParse api.strictPort api.allowExec
api.allowWrite browser.enabled browser.headless browser.isolate browser.ui browser.fileParallelism browser.slowHijackESM
browser.trackUnhandledErrors browser.locators.exact browser.api.strictPort browser.api.allowExec browser.api.allowWrite coverage
coverage.all coverage.enabled coverage.clean coverage.cleanOnRerun coverage.reportOnFailure coverage.allowExternal
coverage.skipFull coverage.excludeAfterRemap coverage.thresholds.100 coverage.thresholds.perFile coverage.thresholds.autoUpdate
diff.expand diff.includeChangeCounts diff.omitAnnotationLines diff.printBasicPrototype expect expect.requireAssertions
expect.poll experimental.fsModuleCache experimental.importDurations experimental.importDurations.failOnDanger
experimental.importDurations.thresholds experimental.viteModuleRunner experimental.nodeLoader experimental.preParse
poolOptions.threads.isolate poolOptions.threads.singleThread poolOptions.threads.useAtomics poolOptions.vmThreads.isolate
poolOptions.vmThreads.singleThread poolOptions.vmThreads.useAtomics poolOptions.forks.isolate poolOptions.forks.singleFork
poolOptions.vmForks.isolate poolOptions.vmForks.singleFork sequence.shuffle sequence.shuffle.files sequence.shuffle.tests
sequence.concurrent typecheck typecheck.enabled typecheck.only typecheck.allowJs typecheck.ignoreSourceErrors
`;

/** The same of one letter. */
const shortSwitches = 'uwvh';

/** Asks the text itself: hardly any start has a question, and a set for it takes every one of them time. */
function isSwitch(name: string): boolean {
  // The last letter of a cluster.
  if (!name.startsWith('--')) return shortSwitches.includes(name.slice(-1));
  return switches.trim().split(/\s+/).includes(name.slice(2));
}

/** How vitest's parser goes on behind an option: with a value of it, with the next argument, or with an operand that is a part of it. */
function readOption(option: string, next: string | undefined): 'value' | 'next' | 'operand' {
  if (/^--?no-/.test(option)) return 'next';
  const [name = '', value = ''] = option.split(/=(.*)/s);
  const isFlag = (word: string) => word === 'true' || word === 'false';
  if (value !== '') return isSwitch(name) && !isFlag(value) ? 'operand' : 'next';
  if (next === undefined || next.startsWith('-')) return 'next';
  return isSwitch(name) && !isFlag(next) ? 'next' : 'value';
}

/** Where vitest's first operand stands; -1 where that is none of the words. Read as its parser does (https://github.com/lukeed/mri). */
function firstOperand(args: readonly string[]): number {
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === '--') return -1;
    if (!argument.startsWith('-')) return at;
    const reading = readOption(argument, args[at + 1]);
    if (reading === 'operand') return -1;
    if (reading === 'value') at += 1;
  }
  return -1;
}

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
  const at = firstOperand(args);
  const name = commands.find((command) => command === args[at]) ?? null;
  if (name === null) return { name, at: -1, rest: args };
  return { name, at, rest: [...args.slice(0, at), ...args.slice(at + 1)] };
}
