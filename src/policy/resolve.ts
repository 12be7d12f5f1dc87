import { isLetterAt } from '../characters.ts';
import type { Argument, Assignment } from './argument.ts';
import { mayReachRunner } from './hot-words.ts';
import { isIntent, runnerOf } from './intents.ts';
import { keepFor, keepForText } from './kept.ts';
import { launchers } from './launchers/index.ts';
import type { Launcher, Start } from './launchers/launcher.ts';
import { directoryAt, packagesAt } from './places.ts';
import { baseName, findRunner, withoutVersion } from './programs.ts';
import { quoteArguments } from './quote.ts';
import { runnerCall } from './runner-call.ts';
import { newScope } from './scope.ts';
import { governedScript } from './script-launchers.ts';
import { matchingNames } from './script-names.ts';
import { type Call, type Finding, limits, type Route, type Trace } from './trace.ts';
import type { Form, PackageFacts } from './verdict.ts';
import { placeholderText } from './words.ts';

function tellUnknown({ args, route }: Call, trace: Trace): void {
  trace.watch?.({ kind: 'unknown', depth: route.depth, command: quoteArguments(args) });
}

/** Notes a governed run; the first of `words` may be its intent. */
function addGoverned(call: Call, words: readonly Argument[], trace: Trace): void {
  const at = words.findIndex((argument) => argument.value !== '--');
  const word = words[at]?.value ?? '';
  const intent = isIntent(word) ? word : null;
  trace.watch?.({ kind: 'governed', depth: call.route.depth, command: quoteArguments(call.args) });
  trace.findings.push({
    kind: 'governed',
    origin: call.origin,
    form: 'governed',
    route: call.route,
    cwd: call.cwd,
    runner: intent === null ? null : runnerOf(intent),
    intent,
    args: words.slice(at + 1),
  });
}

/** Our own commands: `test-governor run <intent> …`, `safe-test-runner …`. False for any other. */
function resolveGovernor(name: string, call: Call, trace: Trace): boolean {
  const args = call.args.slice(1);
  switch (name) {
    case 'safe-test-runner':
      addGoverned(call, [{ value: 'pytest', source: null }], trace);
      return true;
    case 'test-governor':
      if (args[0]?.value === 'run') addGoverned(call, args.slice(1), trace);
      return true;
    default:
      return false;
  }
}

function formOf({ route }: Call, isPath: boolean): Form {
  if (route.scripts.length > 0) return 'package-script';
  return route.via ?? (isPath ? 'bin-path' : 'bare');
}

function resolveRunner(word: Argument, call: Call, trace: Trace): boolean {
  const found = findRunner(word, call.isPackage);
  if (found === null) return false;
  const args = call.args.slice(1);
  const finding: Finding = {
    kind: 'runner',
    origin: call.origin,
    form: formOf(call, found.isPath),
    route: call.route,
    cwd: call.cwd,
    runner: found.runner,
    args,
    call: runnerCall(found.runner, args),
  };
  trace.findings.push(finding);
  trace.watch?.({ kind: 'runner', depth: call.route.depth, command: quoteArguments(call.args), finding });
  return true;
}

function deeper(route: Route, via: Form | null, assignments: readonly Assignment[]): Route {
  return {
    ...route,
    via: via ?? route.via,
    assignments: assignments.length === 0 ? route.assignments : [...route.assignments, ...assignments],
    depth: route.depth + 1,
  };
}

function followScriptText(
  facts: PackageFacts,
  name: string,
  args: readonly Argument[],
  call: Call,
  trace: Trace,
): void {
  const text = facts.scripts[name];
  if (text === undefined) return;
  const { route } = call;
  trace.watch?.({ kind: 'script', depth: route.depth, directory: facts.directory, name, text });
  if (!mayReachRunner(text) && !args.some((argument) => mayReachRunner(argument.value))) return;
  if (route.scripts.some((step) => step.directory === facts.directory && step.name === name)) return;
  const scripts = [...route.scripts, { directory: facts.directory, name }];
  const words = args.map((_argument, index) => ` ${placeholderText(index)}`).join('');
  trace.followText(
    {
      text: text + words,
      scope: newScope(facts.directory, null),
      route: { ...route, via: null, scripts, depth: route.depth + 1, kept: keepForText(route.kept) },
      origin: call.origin,
      appended: args,
      isSameShell: false,
    },
    trace,
  );
}

function followScript(start: Extract<Start, { kind: 'script' }>, call: Call, trace: Trace): void {
  let isFound = false;
  for (const facts of packagesAt(trace.context.packages, call.cwd, start.place)) {
    for (const name of matchingNames(facts.scripts, start.names)) {
      isFound = true;
      const before = trace.findings.length;
      followScriptText(facts, `pre${name}`, [], call, trace);
      followScriptText(facts, name, start.args, call, trace);
      followScriptText(facts, `post${name}`, [], call, trace);
      if (name === governedScript && trace.findings.length === before) addGoverned(call, start.args, trace);
    }
  }
  if (isFound) return;
  if (start.names.kind === 'name' && start.names.name === governedScript) {
    addGoverned(call, start.args, trace);
  } else if (start.otherwise !== null) {
    followStart({ ...start.otherwise, place: start.otherwise.place ?? start.place }, call, trace);
  }
}

function followArgv(start: Extract<Start, { kind: 'argv' }>, call: Call, trace: Trace): void {
  const { context } = trace;
  const inside = directoryAt(context.packages, call.cwd, start.place);
  const kept = keepFor(call.route.kept, {
    start,
    args: call.args,
    cwd: call.cwd,
    inside,
    isInScript: call.route.scripts.length > 0,
    // Looking for it takes a few files, and most launches need it for nothing.
    get packageManager() {
      return context.repository.packageManager;
    },
  });
  resolveCommand(
    {
      ...call,
      args: start.args,
      isPackage: start.isPackage,
      isShellWord: false,
      cwd: inside,
      route: { ...deeper(call.route, start.via, start.assignments), kept },
    },
    trace,
  );
}

function followStart(start: Start, call: Call, trace: Trace): void {
  switch (start.kind) {
    case 'argv':
      followArgv(start, call, trace);
      return;
    case 'script':
      followScript(start, call, trace);
      return;
    case 'shell': {
      const route = deeper(call.route, start.via, start.assignments);
      const scope = start.isSameShell
        ? call.scope
        : newScope(directoryAt(trace.context.packages, call.cwd, start.place), start.positional);
      trace.followText(
        {
          text: start.text.value,
          scope,
          route: { ...route, kept: keepForText(route.kept) },
          origin: call.origin,
          appended: [],
          isSameShell: start.isSameShell,
        },
        trace,
      );
      return;
    }
    case 'stdin': {
      if (call.stdin === null) return;
      const route = deeper(call.route, null, []);
      trace.followText(
        {
          text: call.stdin,
          scope: newScope(call.cwd, start.positional),
          route: { ...route, kept: keepForText(route.kept) },
          origin: call.origin,
          appended: [],
          isSameShell: false,
        },
        trace,
      );
      return;
    }
    default:
      start satisfies never;
  }
}

/** The launcher that a command word names, and the name that it goes by; null when the policy knows none. */
export function findLauncher(
  word: string,
  isPackage: boolean,
): { readonly launcher: Launcher; readonly name: string } | null {
  const base = isPackage ? withoutVersion(baseName(word)) : baseName(word);
  const isPython = base.startsWith('python') || base.startsWith('pypy');
  const name = isPython ? base.replace(/^(python|pypy)[0-9.]+$/, '$1') : base;
  const launcher = launchers.get(name);
  return launcher === undefined ? null : { launcher, name };
}

/**
 * True in a shell that the line starts when it finds a function of that name in its environment: what that does is not known. The
 * sh that runs package scripts is mostly another shell, and finds none.
 */
function isExportedFunction(word: Argument, { isShellWord, route }: Call, { context }: Trace): boolean {
  const isOwnShell = isShellWord && route.depth > 0 && route.scripts.length === 0;
  return isOwnShell && context.exportedFunctions?.has(word.value) === true;
}

/** Finds out what one command does about test runners, through every launcher on the way, and notes it in the trace. */
export function resolveCommand(call: Call, trace: Trace): void {
  const word = call.args[0];
  if (word === undefined || call.route.depth > limits.depth || trace.steps >= limits.steps) return;
  if (call.isShellWord && trace.followFunction(call, trace)) return;
  if (isExportedFunction(word, call, trace)) {
    tellUnknown(call, trace);
    return;
  }
  if (resolveRunner(word, call, trace)) return;
  if (word.source !== null && !word.value.includes('/')) {
    tellUnknown(call, trace);
    return;
  }
  // zsh replaces `=npx` by the path of npx.
  const bare = word.value.startsWith('=') && isLetterAt(word.value, 1) ? word.value.slice(1) : word.value;
  if (bare !== word.value && resolveRunner({ value: bare, source: null }, call, trace)) return;
  const base = call.isPackage ? withoutVersion(baseName(bare)) : baseName(bare);
  if (resolveGovernor(base, call, trace)) return;
  const found = findLauncher(bare, call.isPackage);
  if (found === null) {
    tellUnknown(call, trace);
    return;
  }
  trace.steps += 1;
  trace.watch?.({
    kind: 'launcher',
    depth: call.route.depth,
    name: found.name,
    command: quoteArguments(call.args),
  });
  for (const start of found.launcher.starts(call.args.slice(1), found.name)) followStart(start, call, trace);
}
