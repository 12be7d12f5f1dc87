import type { Argument, Assignment } from './argument.ts';
import type { Kept } from './kept.ts';
import type { RunnerCall } from './runner-call.ts';
import type { Scope } from './scope.ts';
import type { ClassifyContext, Form, Intent, Runner, VerdictKind } from './verdict.ts';

/** The simple command of the line itself under which everything that it starts is found. */
export interface Origin {
  readonly word: string | null;
  readonly subject: string;
  /** Where `subject` begins in the line; null when its positions count in a text inside the line. */
  readonly at: number | null;
  /** Its redirections as they are written, without here-documents, each with a space before it; empty when it has none. */
  readonly redirections: string;
  /** Where the line's own shell stands there; null when it is not known. */
  readonly cwd: string | null;
}

/** A package script on the way to a command. */
export interface ScriptStep {
  readonly directory: string;
  readonly name: string;
}

/** How a command came to be started; handed on to everything that it starts. */
export interface Route {
  /** The form of the last launcher that has one; null when the command stands on the line itself. */
  readonly via: Form | null;
  readonly assignments: readonly Assignment[];
  /** The package scripts that led here, outermost first. */
  readonly scripts: readonly ScriptStep[];
  /** Launchers, scripts and texts inside each other. */
  readonly depth: number;
  readonly kept: Kept;
}

/** One command about to start. */
export interface Call {
  readonly args: readonly Argument[];
  readonly scope: Scope;
  /** Null when it is not known. */
  readonly cwd: string | null;
  readonly isPackage: boolean;
  /** The shell itself looks the word up, so that its functions come first. */
  readonly isShellWord: boolean;
  readonly route: Route;
  readonly origin: Origin;
  /** Text on its standard input, when the line itself gives it. */
  readonly stdin: string | null;
}

/** A shell text to parse and follow. */
export interface TextCall {
  readonly text: string;
  readonly scope: Scope;
  readonly route: Route;
  /** Null for the line itself: its simple commands become origins. */
  readonly origin: Origin | null;
  /** What the placeholders in the text stand for. */
  readonly appended: readonly Argument[];
  /** The shell that reads the line reads it, so that what holds for its pipelines holds for those of the text. */
  readonly isSameShell: boolean;
}

/** Something that the line does about test runners. */
export type Finding = {
  readonly origin: Origin;
  readonly form: Form;
  readonly route: Route;
  /** Where it runs; null when it is not known. */
  readonly cwd: string | null;
} & (
  | {
      readonly kind: 'runner';
      readonly runner: Runner;
      /** The runner's own arguments. */
      readonly args: readonly Argument[];
      readonly call: RunnerCall;
    }
  | {
      readonly kind: 'governed';
      readonly runner: Runner | null;
      readonly intent: Intent | null;
      /** What stands behind the intent. */
      readonly args: readonly Argument[];
    }
);

/** One thing that was seen on the way from a line to its test runs, for explaining a verdict. */
export type Step = {
  /** Launchers, scripts and texts around it. */
  readonly depth: number;
} /** A word that the policy knows as a launcher; the command as it would be typed. */ & (
  | { readonly kind: 'launcher'; readonly name: string; readonly command: string }
  | { readonly kind: 'script'; readonly directory: string; readonly name: string; readonly text: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'runner'; readonly command: string; readonly finding: Finding }
  | { readonly kind: 'governed'; readonly command: string }
  /** A command that leads nowhere: the policy knows no launcher and no runner of that name. */
  | { readonly kind: 'unknown'; readonly command: string }
);

/** How much of one line is followed before the rest is left to the layers below. */
export const limits = {
  /** Launchers asked; a text to parse counts for twenty of them. A line of plain commands, however long, stays far below. */
  steps: 20_000,
  /** Characters parsed, all texts together. */
  characters: 500_000,
  /** Launchers, scripts and texts inside each other. */
  depth: 24,
  /** Levels of syntax inside each other, all texts together; keeps the walk far from the stack's end. */
  nesting: 600,
} as const;

/** One classification under way. */
export interface Trace {
  readonly context: ClassifyContext;
  /** The line that is classified; empty for an argument vector. */
  readonly line: string;
  readonly findings: Finding[];
  /** Those of them in substitutions: what stands around one has a status of its own. */
  readonly substituted: Set<Finding>;
  /** Set when the line itself cannot be parsed. */
  isUnparsable: boolean;
  /** A pipeline of the line's own shell was met into which a raw run writes that would be blocked. */
  hasRawPipe: boolean;
  /** A pipeline was met into which none does. */
  hasOtherPipe: boolean;
  steps: number;
  characters: number;
  nesting: number;
  /** Is told of each step; null where nobody asks, which is everywhere but in `why`. */
  readonly watch: ((step: Step) => void) | null;
  /** Parses and follows a text; injected, because texts hold commands and commands hold texts. */
  readonly followText: (call: TextCall, trace: Trace) => void;
  /** Follows a shell function's body; false when the word names none. */
  readonly followFunction: (call: Call, trace: Trace) => boolean;
}

/** The verdict on one thing that a line does about test runners. */
export function verdictOf(finding: Finding): VerdictKind {
  if (finding.kind === 'governed') return 'governed';
  switch (finding.call.kind) {
    case 'tests':
    case 'turbo-unscoped':
      return 'bypass';
    case 'turbo-scoped':
    case 'harmless':
      return 'harmless';
    default:
      return finding.call satisfies never;
  }
}

/** True for a test run outside the governor which nothing in front of it lets pass. */
export function isRawRun(finding: Finding, { envPrefix }: Pick<ClassifyContext, 'envPrefix'>): boolean {
  const overrides = ['ALLOW_BYPASS_POLICY', 'ALLOW_OVERLOAD'].map((name) => `${envPrefix}_${name}`);
  return (
    verdictOf(finding) === 'bypass' && !finding.route.assignments.some(({ name }) => overrides.includes(name))
  );
}
