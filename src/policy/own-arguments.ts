/** The arguments before a lone `--`: what follows it belongs to somebody else. */
export function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** True when one of the arguments is this flag, alone or with `=value`. */
export function hasFlag(args: readonly string[], flags: readonly string[]): boolean {
  return ownArguments(args).some((argument) => flags.includes(argument.split('=', 1)[0] ?? ''));
}
