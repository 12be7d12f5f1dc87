import { ownName } from '../../own-name.ts';
import { packageRunner } from '../../package-runner.ts';
import { hasFlag, ownArguments } from '../../policy/own-arguments.ts';
import { quoteWord } from '../../policy/quote.ts';
import { readTurboCommand, type TurboCommand, tasklessName } from '../../policy/turbo-command.ts';
import { packageManagerAt } from '../../repository.ts';
import { findPackageProgram } from '../find-runner.ts';
import { shapeWorkers, type WorkerFlags } from '../shape.ts';
import { type IntentEntry, packageNotInstalled, type RunSituation } from './intent.ts';

/** turbo's flags for the number of tasks at a time; https://turborepo.com/docs/reference/run. */
export const turboTasks: WorkerFlags = {
  counted: ['--concurrency'],
  attached: [],
  single: [],
  other: ['--parallel'],
  added: '--concurrency',
};

const scopeFlags = ['--filter', '-F', '--affected', '--scope', '--since'];

/** True when the arguments name a part of the workspace. */
export function isScopedTurbo(args: readonly string[]): boolean {
  const { words } = readTurboCommand(args);
  const isNamed = words.length > 0 && words.every((word) => word.includes('#'));
  return isNamed || hasFlag(args, scopeFlags) || ownArguments(args).some((argument) => /^-F./.test(argument));
}

/** The governed turbo run with these arguments, as it can be typed. */
function governed(args: readonly string[], { environment }: RunSituation): string {
  return [ownName(environment), 'run', 'turbo', '--', ...args.map(quoteWord)].join(' ');
}

/** The arguments with the whole workspace's changed part as their scope. What stands behind a `--` is for the tasks. */
function scoped(args: readonly string[], { name, words }: TurboCommand): readonly string[] {
  const own = ownArguments(args);
  const run = words.length === 0 && name === null ? ['run'] : [];
  const task = words.length === 0 ? ['test'] : [];
  return [...run, ...own, ...task, '--affected', ...args.slice(own.length)];
}

/** Why turbo is not started with these arguments; null when it is. */
function refusalOf(args: readonly string[], command: TurboCommand, situation: RunSituation): string | null {
  if (command.name === 'watch') {
    const once = args.map((word) => (word === 'watch' ? 'run' : word));
    return `turbo watch holds its place for ever; run it once: ${governed(once, situation)}`;
  }
  const taskless = tasklessName(command);
  if (taskless !== null) {
    const { directory } = situation;
    const manager = packageManagerAt(directory);
    const direct = [packageRunner(manager), 'turbo', ...args.map(quoteWord)].join(' ');
    const named = isScopedTurbo(args) ? ['run', ...args] : ['run', taskless, '--affected'];
    const task = `for a task of that name: ${governed(named, situation)}`;
    return `a governed run starts tasks, and turbo ${taskless} starts none; type: ${direct} (${task})`;
  }
  if (isScopedTurbo(args)) return null;
  const shown = governed(scoped(args, command), situation);
  return `a turbo run over the whole workspace is not allowed; scope it: ${shown} (or --filter=<package>)`;
}

/** `run turbo`: a scoped turbo run, two tasks at a time unless the caller says otherwise. */
export const turboIntent: IntentEntry = {
  summary: 'a scoped turbo run, 2 tasks at a time unless you set them',
  plan(args, situation) {
    const program = findPackageProgram(situation.directory, 'turbo');
    if (program === null) return packageNotInstalled('turbo', situation);
    const command = readTurboCommand(args);
    if (command.isLook) return { kind: 'direct', program, args };
    const sentence = refusalOf(args, command, situation);
    if (sentence !== null) return { kind: 'refused', sentence };
    const isSaid = command.name === 'run' || ownArguments(args)[0]?.startsWith('-') === false;
    const named = isSaid ? args : ['run', ...args];
    return { kind: 'start', runner: 'turbo', program, ...shapeWorkers(named, turboTasks, situation.limits) };
  },
};
