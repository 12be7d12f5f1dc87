/** The test runners that the policy knows. */
export type Runner = 'jest' | 'vitest' | 'turbo' | 'pytest';

/** What a governed run is asked to do; the first argument of `test-governor run`. */
export type Intent = 'jest' | 'vitest' | 'turbo' | 'changed' | 'watch-exclusive' | 'pytest';

/** How a command line got to its runner. */
export type Form =
  | 'bare'
  | 'npx'
  | 'npm-exec'
  | 'pnpm-exec'
  | 'pnpm-dlx'
  | 'yarn'
  | 'bunx'
  | 'node-path'
  | 'bin-path'
  | 'python-module'
  | 'uv'
  | 'package-script'
  | 'turbo-unscoped'
  | 'turbo-scoped'
  | 'governed';

export type VerdictKind = 'bypass' | 'governed' | 'harmless' | 'none';

/** What `classify --json` prints for one command line. */
export interface Verdict {
  readonly verdict: VerdictKind;
  readonly runner: Runner | null;
  readonly form: Form | null;
  readonly intent: Intent | null;
  /** The exact command to type instead; only for `bypass`. */
  readonly replacement: string | null;
  /** One plain sentence that says why. */
  readonly reason: string;
}

/** What the layers need beyond the verdict, to block or to peek. */
export interface Classification extends Verdict {
  /** The literal word that starts the offending simple command (`timeout`, `npx`, `./node_modules/.bin/jest`), null when it is not literal. */
  readonly commandWord: string | null;
  /** The offending simple command as it was written, for the message. */
  readonly subject: string | null;
  /** False when the line could not be read, so that `none` is no opinion. */
  readonly isRead: boolean;
  /** Where `subject` begins in the line; null when there is none, or when its positions count in a text inside the line. */
  readonly subjectAt: number | null;
  /** Where the line's own shell stands at that point; null when it is not known. */
  readonly subjectCwd: string | null;
  /** Assignments that stand before or inside (`env A=1`) the offending command, literal values only. */
  readonly assignments: Readonly<Record<string, string>>;
  /** Literal argv of what finally runs (runner first), for signatures and hashes; empty when unknown. */
  readonly argv: readonly string[];
  /** A raw test run that would be blocked writes into a pipeline of the shell that reads the line. */
  readonly piped: boolean;
  /** The line has a pipeline into which no raw test run writes that would be blocked. */
  readonly hasOtherPipe: boolean;
  /** Command words of every bypass in the line, in order, without repetition (literal ones). */
  readonly bypassWords: readonly string[];
}

/** A package.json as far as the policy reads it. */
export interface PackageFacts {
  /** The directory that holds it, absolute. */
  readonly directory: string;
  readonly name: string | null;
  readonly scripts: Readonly<Record<string, string>>;
}

/** How the policy reads the workspace; the edge gives the real one, tests give tables. */
export interface PackageReader {
  /** The nearest package.json at or above `directory`; null when there is none or it cannot be read. */
  nearest(directory: string): PackageFacts | null;
  /** The package.json in exactly this directory. */
  at(directory: string): PackageFacts | null;
  /** The workspace member that `--workspace`/`--filter` names (package name or path), null when it is not known. */
  member(directory: string, selector: string): PackageFacts | null;
  /** All members of the workspace around `directory` (for `-r`, `--workspaces`, globs). */
  members(directory: string): readonly PackageFacts[];
}

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'yarn-berry' | 'bun';

/** What the replacement command depends on. */
export interface RepositoryFacts {
  readonly packageManager: PackageManager;
  /** The directory whose package.json has the `test:governed` script, relative to cwd (`.` when it is the nearest package), null when nobody has it. */
  readonly governedScriptAt: string | null;
  /** How our own program is typed where nobody has the script and no package manager finds the program; absent or null where one does. */
  readonly ownProgram?: string | null;
}

export interface ClassifyContext {
  /** Absolute working directory of the command line. */
  readonly cwd: string;
  readonly packages: PackageReader;
  readonly repository: RepositoryFacts;
  /** The environment prefix, `BASESHOP` by default. */
  readonly envPrefix: string;
  /** Names of the functions that bash finds in its environment (`export -f`). */
  readonly exportedFunctions?: ReadonlySet<string>;
}
