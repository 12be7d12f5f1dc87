import { type Argument, literal } from './argument.ts';
import { allValues, has, mixedOptions } from './options.ts';
import { turboDryRun, turboPrints, turboTakesValue } from './turbo-command.ts';
import type { Intent, Runner } from './verdict.ts';
import { readVitestCommand } from './vitest-command.ts';

/** What a runner does with given arguments. */
export type RunnerCall =
  | { readonly kind: 'tests'; readonly intent: Intent; readonly note: string }
  /** A turbo run of test tasks without a scope or without a cap on its concurrency. */
  | { readonly kind: 'turbo-unscoped'; readonly isScoped: boolean; readonly note: string }
  | { readonly kind: 'turbo-scoped'; readonly note: string }
  | { readonly kind: 'harmless'; readonly note: string };

const tests = (intent: Intent): RunnerCall => ({ kind: 'tests', intent, note: '' });
const harmless = (note: string): RunnerCall => ({ kind: 'harmless', note });

/** The option's name alone, camel case where jest allows both spellings. */
function optionName(argument: Argument): string {
  const [name = ''] = argument.value.split('=', 1);
  if (!name.startsWith('--') || !name.includes('-', 2)) return name;
  return `--${name.slice(2).replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase())}`;
}

function beforeDashes(args: readonly Argument[]): readonly Argument[] {
  const end = args.findIndex((argument) => argument.value === '--');
  return end === -1 ? args : args.slice(0, end);
}

/** True when a switch is said to be off: `--listTests=false`, `--listTests false`. */
function isOff(args: readonly Argument[], at: number): boolean {
  const value = args[at]?.value ?? '';
  return value.includes('=') ? value.endsWith('=false') : args[at + 1]?.value === 'false';
}

function firstMatch(args: readonly Argument[], names: ReadonlySet<string>): string | undefined {
  return args.find(
    (argument, at) => argument.value.startsWith('-') && names.has(optionName(argument)) && !isOff(args, at),
  )?.value;
}

const jestHarmless = new Set([
  '--version',
  '-v',
  '--help',
  '-h',
  '--showConfig',
  '--listTests',
  '--clearCache',
  '--init',
]);
const jestChanged = new Set([
  '-o',
  '--onlyChanged',
  '--findRelatedTests',
  '--changedSince',
  '--lastCommit',
  '--changedFilesWithAncestor',
]);

function jestCall(args: readonly Argument[]): RunnerCall {
  const before = beforeDashes(args);
  const quiet = firstMatch(before, jestHarmless);
  if (quiet !== undefined) return harmless(`\`${quiet}\` runs no tests`);
  return tests(firstMatch(before, jestChanged) === undefined ? 'jest' : 'changed');
}

const vitestHarmless = new Set(['--version', '-v', '--help', '-h', '--clearCache', '--mergeReports']);
function vitestCall(args: readonly Argument[]): RunnerCall {
  const before = beforeDashes(args);
  const quiet = firstMatch(before, vitestHarmless);
  if (quiet !== undefined) return harmless(`\`${quiet}\` runs no tests`);
  const { name: command } = readVitestCommand(before.map(({ value }) => value));
  if (command === 'list' || command === 'init') return harmless(`\`vitest ${command}\` runs no tests`);
  const isChanged = command === 'related' || firstMatch(before, new Set(['--changed'])) !== undefined;
  return tests(isChanged ? 'changed' : 'vitest');
}

const pytestHarmless = new Set([
  '--version',
  '-V',
  '-VV',
  '--help',
  '-h',
  '--collectOnly',
  '--co',
  '--markers',
  '--fixtures',
  '--funcargs',
  '--fixturesPerTest',
  '--setupPlan',
  '--cacheShow',
]);

function pytestCall(args: readonly Argument[]): RunnerCall {
  const quiet = firstMatch(beforeDashes(args), pytestHarmless);
  return quiet === undefined ? tests('pytest') : harmless(`\`${quiet}\` runs no tests`);
}

/** True for a turbo task that runs tests by its name: `test`, `test:unit`, `unit:test`, `web#test`. */
function isTestTask(task: string): boolean {
  const name = task.slice(task.lastIndexOf('#') + 1);
  return name === 'test' || name.startsWith('test:') || name.endsWith(':test');
}

function turboCall(args: readonly Argument[]): RunnerCall {
  const { options, operands } = mixedOptions(args, turboTakesValue);
  if (has(options, ...turboPrints)) return harmless('it only prints');
  if (has(options, ...turboDryRun)) return harmless('a dry run starts no task');
  const first = operands[0]?.value;
  const runs = first === 'run' || first === 'watch';
  const tasks = (runs ? operands.slice(1) : operands).map((operand) => operand.value).filter(isTestTask);
  if (tasks.length === 0) return harmless('it runs no test task');
  const isScoped =
    has(options, '--affected', '--since') ||
    allValues(options, '-F', '--filter', '--scope').length > 0 ||
    tasks.every((task) => task.includes('#'));
  const isCapped = has(options, '--concurrency');
  if (isScoped && isCapped) {
    return { kind: 'turbo-scoped', note: 'scope and concurrency are given, each task is governed by itself' };
  }
  const missing = [...(isScoped ? [] : ['scope']), ...(isCapped ? [] : ['cap on its concurrency'])];
  return { kind: 'turbo-unscoped', isScoped, note: `without a ${missing.join(' and a ')}` };
}

/** What `runner` does when it is started with `args`: tests, and for which intent, or nothing of weight. */
export function runnerCall(runner: Runner, args: readonly Argument[]): RunnerCall {
  switch (runner) {
    case 'jest':
      return jestCall(args);
    case 'vitest':
      return vitestCall(args);
    case 'turbo':
      return turboCall(args);
    case 'pytest':
      return pytestCall(args);
    default:
      return runner satisfies never;
  }
}

/** True when a runner runs no tests with these arguments: it lists, prints or clears something. */
export function runsNoTests(runner: Exclude<Runner, 'turbo'>, args: readonly string[]): boolean {
  return runnerCall(runner, args.map(literal)).kind === 'harmless';
}
