import type { Argument } from './argument.ts';
import { mayReachRunner } from './hot-words.ts';
import { launchers } from './launchers/index.ts';
import type { ScriptNames, Start } from './launchers/launcher.ts';
import { directoryAt, packagesAt } from './places.ts';
import { baseName, findRunner, withoutVersion } from './programs.ts';
import { runnerCall } from './runner-call.ts';
import { newScope } from './scope.ts';
import { type Call, limits, type Trace } from './trace.ts';
import type { Form, Intent, PackageFacts, Runner } from './verdict.ts';
import { placeholderText } from './words.ts';

const intentRunners: Readonly<Record<Intent, Runner | null>> = {
  jest: 'jest',
  vitest: 'vitest',
  turbo: 'turbo',
  pytest: 'pytest',
  changed: null,
  'watch-exclusive': null,
};

function isIntent(value: string | undefined): value is Intent {
  return value !== undefined && value in intentRunners;
}

/** The package script that leads into the governed run. */
const governedScript = 'test:governed';

function addGoverned(call: Call, intent: Intent | null, trace: Trace): void {
  trace.findings.push({
    kind: 'governed',
    origin: call.origin,
    form: 'governed',
    assignments: call.assignments,
    scripts: call.scripts,
    cwd: call.cwd,
    runner: intent === null ? null : intentRunners[intent],
    intent,
  });
}

/** Our own commands: `test-governor run <intent> …`, `safe-test-runner …`. */
function resolveGovernor(name: string, call: Call, trace: Trace): boolean {
  if (name === 'safe-test-runner') {
    addGoverned(call, 'pytest', trace);
    return true;
  }
  if (name !== 'test-governor') return false;
  const words = call.args.slice(1).filter((argument) => argument.value !== '--');
  if (words[0]?.value === 'run') {
    const intent = words[1]?.value;
    addGoverned(call, isIntent(intent) ? intent : null, trace);
  }
  return true;
}

function formOf(call: Call, isPath: boolean): Form {
  if (call.scripts.length > 0) return 'package-script';
  return call.via ?? (isPath ? 'bin-path' : 'bare');
}

function resolveRunner(word: Argument, call: Call, trace: Trace): boolean {
  const found = findRunner(word, call.isPackage);
  if (found === null) return false;
  const args = call.args.slice(1);
  trace.findings.push({
    kind: 'runner',
    origin: call.origin,
    form: formOf(call, found.isPath),
    assignments: call.assignments,
    scripts: call.scripts,
    cwd: call.cwd,
    runner: found.runner,
    args,
    around: call.around,
    call: runnerCall(found.runner, args),
  });
  return true;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?+*()[\]{}]/g, '\\$&');
}

/** The user's regular expression; null when it is none, or one that could take for ever. */
function userExpression(source: string): RegExp | null {
  if (/[+*}]\)?[+*{]|\)[+*{]/.test(source)) return null;
  try {
    return new RegExp(source);
  } catch {
    return null;
  }
}

function matchingNames(scripts: PackageFacts['scripts'], names: ScriptNames): readonly string[] {
  switch (names.kind) {
    case 'name':
      return Object.hasOwn(scripts, names.name) ? [names.name] : [];
    case 'pattern': {
      const pattern = names.pattern
        .split(/(\*+)/)
        .map((part) => {
          if (part.startsWith('**')) return '.*';
          return part === '*' ? '[^:]*' : escapePattern(part);
        })
        .join('');
      const matcher = new RegExp(`^${pattern}$`);
      return Object.keys(scripts).filter((candidate) => matcher.test(candidate));
    }
    case 'expression': {
      const matcher = userExpression(names.expression);
      return matcher === null ? [] : Object.keys(scripts).filter((candidate) => matcher.test(candidate));
    }
  }
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
  if (!mayReachRunner(text) && !args.some((argument) => mayReachRunner(argument.value))) return;
  if (call.scripts.some((step) => step.directory === facts.directory && step.name === name)) return;
  const scripts = [...call.scripts, { directory: facts.directory, name }];
  const words = args.map((_argument, index) => ` ${placeholderText(index)}`).join('');
  trace.followText(
    {
      text: text + words,
      scope: newScope(facts.directory, null),
      via: null,
      assignments: call.assignments,
      scripts,
      depth: call.depth + 1,
      origin: call.origin,
      appended: args,
    },
    trace,
  );
}

function followScript(start: Extract<Start, { kind: 'script' }>, call: Call, trace: Trace): void {
  const found = packagesAt(trace.context.packages, call.cwd, start.place);
  let isFound = false;
  for (const facts of found) {
    for (const name of matchingNames(facts.scripts, start.names)) {
      isFound = true;
      const before = trace.findings.length;
      followScriptText(facts, `pre${name}`, [], call, trace);
      followScriptText(facts, name, start.args, call, trace);
      followScriptText(facts, `post${name}`, [], call, trace);
      if (name === governedScript && trace.findings.length === before) addGoverned(call, null, trace);
    }
  }
  if (isFound) return;
  if (start.names.kind === 'name' && start.names.name === governedScript) {
    const intent = start.args.find((argument) => argument.value !== '--')?.value;
    addGoverned(call, isIntent(intent) ? intent : null, trace);
    return;
  }
  if (start.otherwise !== null) {
    const place = start.otherwise.place ?? start.place;
    followStart({ ...start.otherwise, place }, call, trace);
  }
}

function followStart(start: Start, call: Call, trace: Trace): void {
  switch (start.kind) {
    case 'argv':
      resolveCommand(
        {
          ...call,
          args: start.args,
          via: start.via ?? call.via,
          isPackage: start.isPackage,
          isShellWord: false,
          around: start.around ?? call.around,
          cwd: directoryAt(trace.context.packages, call.cwd, start.place),
          assignments:
            start.assignments.length === 0 ? call.assignments : [...call.assignments, ...start.assignments],
          depth: call.depth + 1,
        },
        trace,
      );
      return;
    case 'script':
      followScript(start, call, trace);
      return;
    case 'shell': {
      const cwd = directoryAt(trace.context.packages, call.cwd, start.place);
      trace.followText(
        {
          text: start.text.value,
          scope: start.isSameShell ? call.scope : newScope(cwd, start.positional),
          via: start.via ?? call.via,
          assignments:
            start.assignments.length === 0 ? call.assignments : [...call.assignments, ...start.assignments],
          scripts: call.scripts,
          depth: call.depth + 1,
          origin: call.origin,
          appended: [],
        },
        trace,
      );
      return;
    }
    case 'stdin':
      if (call.stdin === null) return;
      trace.followText(
        {
          text: call.stdin,
          scope: newScope(call.cwd, start.positional),
          via: call.via,
          assignments: call.assignments,
          scripts: call.scripts,
          depth: call.depth + 1,
          origin: call.origin,
          appended: [],
        },
        trace,
      );
      return;
  }
}

/** Finds out what one command does about test runners, through every launcher on the way, and notes it in the trace. */
export function resolveCommand(call: Call, trace: Trace): void {
  const word = call.args[0];
  if (word === undefined || call.depth > limits.depth || trace.steps >= limits.steps) return;
  if (call.isShellWord && trace.followFunction(call, trace)) return;
  if (resolveRunner(word, call, trace)) return;
  if (word.source !== null && !word.value.includes('/')) return;
  // zsh replaces `=npx` by the path of npx.
  const bare = /^=[A-Za-z]/.test(word.value) ? word.value.slice(1) : word.value;
  if (bare !== word.value && resolveRunner({ value: bare, source: null }, call, trace)) return;
  const base = call.isPackage ? withoutVersion(baseName(bare)) : baseName(bare);
  if (resolveGovernor(base, call, trace)) return;
  const name = /^(python|pypy)[0-9.]+$/.test(base) ? base.replace(/[0-9.]+$/, '') : base;
  const launcher = launchers.get(name);
  if (launcher === undefined) return;
  trace.steps += 1;
  for (const start of launcher.starts(call.args.slice(1), name)) followStart(start, call, trace);
}
