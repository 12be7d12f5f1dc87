import type { Function as FunctionNode } from 'unbash';
import type { Argument, Assignment } from './argument.ts';

/** A shell function: its body and the text that the body's positions count in. */
export interface FunctionDefinition {
  readonly body: FunctionNode['body'];
  readonly text: string;
}

/** What a shell knows at one point of a command line. Copied for a subshell, so that what happens there stays there. */
export interface Scope {
  /** Null once it is no longer known. */
  cwd: string | null;
  /** Variables with a literal value. */
  readonly variables: Map<string, string>;
  readonly functions: Map<string, FunctionDefinition>;
  /** `$1`, `$2`, …; null when they are not known. */
  positional: readonly Argument[] | null;
  /** `export A=1` on the line itself. */
  readonly exported: Map<string, Assignment>;
}

/** A shell that has just started. */
export function newScope(cwd: string | null, positional: readonly Argument[] | null): Scope {
  return { cwd, variables: new Map(), functions: new Map(), positional, exported: new Map() };
}

/** The scope of a subshell. */
export function copyScope(scope: Scope): Scope {
  return {
    cwd: scope.cwd,
    variables: new Map(scope.variables),
    functions: new Map(scope.functions),
    positional: scope.positional,
    exported: new Map(scope.exported),
  };
}

/** After a branch or a loop that may not have run: keeps only what both scopes agree on. */
export function mergeScope(before: Scope, after: Scope): void {
  if (before.cwd !== after.cwd) before.cwd = null;
  for (const name of new Set([...before.variables.keys(), ...after.variables.keys()])) {
    if (before.variables.get(name) !== after.variables.get(name)) before.variables.delete(name);
  }
  for (const [name, body] of after.functions) before.functions.set(name, body);
}
