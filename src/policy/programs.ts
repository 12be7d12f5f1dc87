import type { Argument } from './argument.ts';
import { runners } from './runners.ts';
import type { Runner } from './verdict.ts';

const byCommand: ReadonlyMap<string, Runner> = new Map(
  runners.flatMap((entry) => entry.commands.map((name) => [name, entry.runner] as const)),
);
const byPackage: ReadonlyMap<string, Runner> = new Map(
  runners.flatMap((entry) =>
    [...entry.packages, ...entry.commands].map((name) => [name, entry.runner] as const),
  ),
);
const byModule: ReadonlyMap<string, Runner> = new Map(
  runners.flatMap((entry) => entry.pythonModules.map((name) => [name, entry.runner] as const)),
);
const byMainFile = runners.flatMap((entry) =>
  entry.mainFiles.map((file) => [`/${file}`, entry.runner] as const),
);

/** Directories that hold programs under their own names. */
const programDirectories = new Set(['.bin', 'bin', 'Scripts', 'shims']);

/** `$(npm bin)` and its like, which print such a directory. */
const printedDirectory = /^"?(?:\$\(|`)(?:npm|yarn|pnpm) bin(?: [^)`]*)?[)`]"?$/;

/** How a word names a runner. */
export interface RunnerName {
  readonly runner: Runner;
  readonly isPath: boolean;
}

/** A package's or program's name without its version: `jest@29`, `@scope/x@1`. */
export function withoutVersion(name: string): string {
  const at = name.indexOf('@', 1);
  return at === -1 ? name : name.slice(0, at);
}

/** A path's last segment. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The runner that a path starts: a program in a directory of programs, or a runner's main file. Text before an expansion's end does not matter. */
function runnerOfPath(path: string): Runner | undefined {
  const last = path.lastIndexOf('/');
  const directory = path.slice(path.lastIndexOf('/', last - 1) + 1, last);
  const named = byCommand.get(path.slice(last + 1));
  if (named !== undefined && (programDirectories.has(directory) || printedDirectory.test(directory)))
    return named;
  return byMainFile.find(([file]) => path.endsWith(file) || path === file.slice(1))?.[1];
}

/**
 * The runner that a command word names.
 * @param isPackage it stands where a package or a module is named (`npx jest@29`, `python -m pytest`).
 */
export function findRunner(word: Argument, isPackage: boolean): RunnerName | null {
  const { value } = word;
  if (value.includes('/') && !(isPackage && value.startsWith('@'))) {
    const runner = runnerOfPath(value);
    return runner === undefined ? null : { runner, isPath: true };
  }
  if (word.source !== null) return null;
  const name = isPackage ? withoutVersion(value) : value;
  const runner = byCommand.get(name) ?? (isPackage ? (byPackage.get(name) ?? byModule.get(name)) : undefined);
  return runner === undefined ? null : { runner, isPath: false };
}
