import type { Argument, Assignment } from './argument.ts';
import type { Around } from './launchers/launcher.ts';
import type { RunnerCall } from './runner-call.ts';
import type { Scope } from './scope.ts';
import type { ClassifyContext, Form, Intent, Runner } from './verdict.ts';

/** The simple command of the line itself under which everything that it starts is found. */
export interface Origin {
  readonly word: string | null;
  readonly subject: string;
  readonly isPiped: boolean;
  /** Where the line's own shell stands there; null when it is not known. */
  readonly cwd: string | null;
}

/** One command about to start, and how it came to that. */
export interface Call {
  readonly args: readonly Argument[];
  readonly scope: Scope;
  /** Null when it is not known. */
  readonly cwd: string | null;
  /** How it was reached; null when it stands on the line itself. */
  readonly via: Form | null;
  readonly isPackage: boolean;
  /** The shell itself looks the word up, so that its functions come first. */
  readonly isShellWord: boolean;
  readonly assignments: readonly Assignment[];
  /** The package scripts that led here, outermost first. */
  readonly scripts: readonly ScriptStep[];
  readonly depth: number;
  readonly origin: Origin;
  /** Text on its standard input, when the line itself gives it. */
  readonly stdin: string | null;
  /** What has to stay around it in a replacement. */
  readonly around: Around | null;
}

/** A package script on the way to a command. */
export interface ScriptStep {
  readonly directory: string;
  readonly name: string;
}

/** A shell text to parse and follow. */
export interface TextCall {
  readonly text: string;
  readonly scope: Scope;
  readonly via: Form | null;
  readonly assignments: readonly Assignment[];
  readonly scripts: readonly ScriptStep[];
  readonly depth: number;
  /** Null for the line itself: its simple commands become origins. */
  readonly origin: Origin | null;
  /** What the placeholders in the text stand for. */
  readonly appended: readonly Argument[];
}

/** Something that the line does about test runners. */
export type Finding = {
  readonly origin: Origin;
  readonly form: Form;
  readonly assignments: readonly Assignment[];
  readonly scripts: readonly ScriptStep[];
  /** Where it runs; null when it is not known. */
  readonly cwd: string | null;
} & (
  | {
      readonly kind: 'runner';
      readonly runner: Runner;
      /** The runner's own arguments. */
      readonly args: readonly Argument[];
      readonly around: Around | null;
      readonly call: RunnerCall;
    }
  | { readonly kind: 'governed'; readonly runner: Runner | null; readonly intent: Intent | null }
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
  readonly findings: Finding[];
  /** Set when the line itself cannot be parsed. */
  isUnparsable: boolean;
  steps: number;
  characters: number;
  nesting: number;
  /** Parses and follows a text; injected, because texts hold commands and commands hold texts. */
  readonly followText: (call: TextCall, trace: Trace) => void;
  /** Follows a shell function's body. */
  readonly followFunction: (call: Call, trace: Trace) => boolean;
}
