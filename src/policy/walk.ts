import type {
  Command,
  CommandNode,
  CompoundList,
  ParsedScript,
  PipelineNode,
  Redirection,
  Statement,
  SyntaxNode,
} from 'unbash';
import type { Argument, Assignment } from './argument.ts';
import { applyBuiltin } from './builtins.ts';
import { producedText, redirectedText } from './fed-text.ts';
import { forEachChild, parse } from './parser.ts';
import { isReadable } from './readable.ts';
import { resolveCommand } from './resolve.ts';
import { copyScope, mergeScope, type Scope } from './scope.ts';
import { type Call, isRawRun, limits, type Origin, type Route, type TextCall, type Trace } from './trace.ts';
import { expandArgument, expandWord, readAssignment } from './words.ts';

/** Parsing costs as much as following some twenty commands. */
const stepsOfText = 20;

/** Where in a text the walk stands. */
interface Frame {
  readonly call: TextCall;
  /** The text that positions count in. */
  readonly text: string;
  readonly scope: Scope;
  /** What the pipeline's member before this one writes, when the line says it. */
  readonly upstream: string | null;
}

function subshell(frame: Frame): Frame {
  return { ...frame, scope: copyScope(frame.scope) };
}

/** Follows every substitution below a node (`$(…)`, backticks, `<(…)`), with a stack of its own: arithmetic may nest without limit. */
function walkSubstitutions(node: SyntaxNode, frame: Frame, trace: Trace): void {
  const pending: SyntaxNode[] = [node];
  const push = (nodes: readonly SyntaxNode[]) => {
    // The stack gives back the last one first.
    for (const child of nodes.toReversed()) pending.push(child);
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    switch (next.type) {
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        if (next.script !== undefined) {
          const before = trace.findings.length;
          walkScript(next.script, { ...subshell(frame), upstream: null }, trace);
          for (const finding of trace.findings.slice(before)) trace.substituted.add(finding);
        }
        break;
      // What a plain line holds is known without the parser; see plain-line.ts.
      case 'Word':
      case 'DoubleQuoted':
        push(next.parts ?? []);
        break;
      case 'Redirect':
        if (next.target !== undefined) pending.push(next.target);
        break;
      case 'Literal':
      case 'SingleQuoted':
        break;
      default: {
        const children: SyntaxNode[] = [];
        forEachChild(next, (child) => children.push(child));
        push(children);
      }
    }
  }
}

function walkRedirects(redirects: readonly Redirection[], frame: Frame, trace: Trace): void {
  for (const redirect of redirects) walkSubstitutions(redirect, frame, trace);
}

/** Redirections as they are written. Not here-documents: their text stands on other lines. */
function redirectionText(redirects: readonly Redirection[], text: string): string {
  return redirects
    .filter(({ type }) => type !== 'HereDoc')
    .map(({ pos, end }) => ` ${text.slice(pos, end)}`)
    .join('');
}

function walkCommand(node: Command, frame: Frame, trace: Trace): void {
  const { scope, call } = frame;
  const assignments: Assignment[] = [];
  for (const item of node.prefix) {
    walkSubstitutions(item, frame, trace);
    if (item.type !== 'Assignment') continue;
    const assignment = readAssignment(item, scope);
    if (assignment === null) scope.variables.delete(item.name);
    else assignments.push(assignment);
  }
  if (node.name === undefined) {
    for (const { name, value } of assignments) {
      if (value.source === null) scope.variables.set(name, value.value);
      else scope.variables.delete(name);
    }
    return;
  }
  if (node.name.parts !== undefined) walkSubstitutions(node.name, frame, trace);
  const args: Argument[] = [...expandWord(node.name, scope, call.appended)];
  for (const item of node.suffix) {
    if (item.type !== 'Word' || item.parts !== undefined) walkSubstitutions(item, frame, trace);
    if (item.type === 'Word' || item.type === 'Assignment') {
      args.push(...expandArgument(item, scope, call.appended));
    }
  }
  if (applyBuiltin(args, scope)) return;
  const first = args[0];
  const origin: Origin = call.origin ?? {
    word: first?.source === null ? first.value : null,
    subject: frame.text.slice(node.pos, node.end),
    at: frame.text === trace.line ? node.pos : null,
    redirections: redirectionText(node.redirects, frame.text),
    cwd: scope.cwd,
  };
  resolveCommand(
    {
      args,
      scope,
      cwd: scope.cwd,
      isPackage: false,
      isShellWord: true,
      route: withAssignments(call.route, scope, assignments),
      origin,
      stdin: redirectedText(node.redirects, scope) ?? frame.upstream,
    },
    trace,
  );
}

/** The route of a simple command: what its shell exports and what stands before it come on top. */
function withAssignments(route: Route, scope: Scope, assignments: readonly Assignment[]): Route {
  if (scope.exported.size + assignments.length === 0) return route;
  return { ...route, assignments: [...route.assignments, ...scope.exported.values(), ...assignments] };
}

/** A branch or a loop's body: it may not run, so what it changes is no longer known afterwards. */
function walkBranch(node: CompoundList, frame: Frame, trace: Trace): void {
  const branch = subshell(frame);
  walkStatements(node.commands, branch, trace);
  mergeScope(frame.scope, branch.scope);
}

function walkNode(node: CommandNode | CompoundList, frame: Frame, trace: Trace): void {
  switch (node.type) {
    case 'Command':
      walkCommand(node, frame, trace);
      return;
    case 'CompoundList':
      walkStatements(node.commands, frame, trace);
      return;
    case 'Subshell':
      walkStatements(node.body.commands, subshell(frame), trace);
      return;
    case 'BraceGroup':
      walkStatements(node.body.commands, frame, trace);
      return;
    case 'If':
      walkStatements(node.clause.commands, frame, trace);
      walkBranch(node.then, frame, trace);
      for (const branch of node.elif) {
        walkBranch(branch.clause, frame, trace);
        walkBranch(branch.then, frame, trace);
      }
      if (node.else !== undefined) walkBranch(node.else, frame, trace);
      return;
    case 'For':
    case 'Select':
      for (const word of node.wordlist ?? []) walkSubstitutions(word, frame, trace);
      frame.scope.variables.delete(node.name.value);
      walkBranch(node.body, frame, trace);
      return;
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update]) {
        if (part !== undefined) walkSubstitutions(part, frame, trace);
      }
      walkBranch(node.body, frame, trace);
      return;
    case 'While':
      walkBranch(node.clause, frame, trace);
      walkBranch(node.body, frame, trace);
      return;
    case 'Case':
      walkSubstitutions(node.word, frame, trace);
      for (const item of node.items) {
        for (const pattern of item.pattern) walkSubstitutions(pattern, frame, trace);
        walkBranch(item.body, frame, trace);
      }
      return;
    case 'Function':
      frame.scope.functions.set(node.name.value, { body: node.body, text: frame.text });
      return;
    case 'Coproc':
      walkNode(node.body, subshell(frame), trace);
      return;
    case 'Redirected':
      walkRedirects(node.redirects, frame, trace);
      walkNode(node.command, frame, trace);
      return;
    case 'TestCommand':
    case 'ArithmeticCommand':
      walkSubstitutions(node, frame, trace);
      return;
    default:
      node satisfies never;
  }
}

function walkPipeline(node: PipelineNode, frame: Frame, trace: Trace): void {
  if (node.type !== 'Pipeline') {
    walkNode(node, frame, trace);
    return;
  }
  if (node.commands.length === 1) {
    for (const command of node.commands) walkNode(command, frame, trace);
    return;
  }
  let upstream = frame.upstream;
  let feedsRaw = false;
  node.commands.forEach((command, index) => {
    const isLast = index === node.commands.length - 1;
    const before = trace.findings.length;
    walkNode(command, { ...subshell(frame), upstream }, trace);
    const raw = isLast
      ? []
      : trace.findings.slice(before).filter((finding) => isRawRun(finding, trace.context));
    feedsRaw ||= raw.length > 0;
    const isFailed = raw.some((finding) => !trace.substituted.has(finding));
    trace.hasRawPipe ||= isFailed && frame.call.isSameShell;
    upstream = producedText(command, frame.scope, upstream);
  });
  // A package script's pipes are those of another shell.
  trace.hasOtherPipe ||= !feedsRaw && frame.call.route.scripts.length === 0;
}

function walkStatement(statement: Statement, outer: Frame, trace: Trace): void {
  const frame = statement.background === true ? subshell(outer) : outer;
  const { command } = statement;
  if (command.type !== 'AndOr') {
    walkPipeline(command, frame, trace);
    return;
  }
  let cwdBefore = frame.scope.cwd;
  command.commands.forEach((part, index) => {
    const isFallback = index > 0 && command.operators[index - 1] === '||';
    if (isFallback) {
      // Runs only when what stands before it failed: a `cd` there did not happen.
      const fallback = subshell(frame);
      fallback.scope.cwd = cwdBefore;
      walkPipeline(part, fallback, trace);
      return;
    }
    cwdBefore = frame.scope.cwd;
    walkPipeline(part, frame, trace);
  });
}

function walkStatements(statements: readonly Statement[], frame: Frame, trace: Trace): void {
  if (trace.nesting >= limits.nesting) return;
  trace.nesting += 1;
  for (const statement of statements) {
    if (trace.steps >= limits.steps) break;
    walkStatement(statement, frame, trace);
  }
  trace.nesting -= 1;
}

function walkScript(script: ParsedScript, frame: Frame, trace: Trace): void {
  if (script.errors !== undefined && script.errors.length > 0) {
    if (frame.call.origin === null) trace.isUnparsable = true;
    return;
  }
  const text = script.source ?? frame.text;
  walkStatements(script.commands, text === frame.text ? frame : { ...frame, text }, trace);
}

/** Parses a text and follows every command in it. Text that cannot be parsed leads to nothing. */
export function followText(call: TextCall, trace: Trace): void {
  const { scope, text } = call;
  if (call.route.depth > limits.depth || trace.steps >= limits.steps || !isReadable(text)) return;
  trace.characters += text.length;
  if (trace.characters > limits.characters) return;
  trace.steps += stepsOfText;
  walkScript(parse(text), { call, text, scope, upstream: null }, trace);
}

/** Follows the body of the shell function that a command word names. False when there is none. */
export function followFunction(call: Call, trace: Trace): boolean {
  const name = call.args[0];
  const definition = name?.source === null ? call.scope.functions.get(name.value) : undefined;
  if (definition === undefined || name === undefined) return false;
  const { scope } = call;
  const { positional } = scope;
  trace.steps += 1;
  trace.watch?.({ kind: 'function', depth: call.route.depth, name: name.value });
  // Not followed into itself.
  scope.functions.delete(name.value);
  scope.positional = call.args.slice(1);
  const inner: TextCall = {
    text: definition.text,
    scope,
    route: { ...call.route, depth: call.route.depth + 1 },
    origin: null,
    appended: [],
    isSameShell: true,
  };
  walkNode(definition.body, { call: inner, text: definition.text, scope, upstream: null }, trace);
  scope.functions.set(name.value, definition);
  scope.positional = positional;
  return true;
}
