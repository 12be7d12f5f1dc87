/** How a runner's command line speaks of its workers. */
export interface WorkerFlags {
  /** Flags that settle the number of workers, in every spelling, without `=value`. */
  readonly flags: readonly string[];
  /** Short flags that may carry their value in the same word (`-w4`). */
  readonly short: readonly string[];
  /** What is added when the caller says nothing. */
  readonly fallback: string;
}

/** The arguments before a lone `--`: what follows it belongs to somebody else. */
export function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** True when one of the arguments is this flag, alone or with `=value`. */
export function hasFlag(args: readonly string[], flags: readonly string[]): boolean {
  return ownArguments(args).some((argument) => flags.includes(argument.split('=', 1)[0] ?? ''));
}

/** The arguments with a cap on the workers; unchanged when the caller set the number. The cap stands before a lone `--`. */
export function capWorkers(args: readonly string[], workers: WorkerFlags): readonly string[] {
  const own = ownArguments(args);
  const isSet =
    hasFlag(args, workers.flags) ||
    own.some((argument) =>
      workers.short.some(
        (flag) => argument === flag || (/^\d/.test(argument.slice(flag.length)) && argument.startsWith(flag)),
      ),
    );
  return isSet ? args : [...own, workers.fallback, ...args.slice(own.length)];
}
