import { ownName } from '../../own-name.ts';
import { hasFlag, ownArguments } from '../../policy/own-arguments.ts';
import { findPackageProgram } from '../find-runner.ts';
import { shapeWorkers, type WorkerFlags } from '../shape.ts';
import { type IntentEntry, notInstalled } from './intent.ts';

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
  const words = ownArguments(args).filter((argument) => !argument.startsWith('-') && argument !== 'run');
  const isNamed = words.length > 0 && words.every((word) => word.includes('#'));
  return isNamed || hasFlag(args, scopeFlags) || ownArguments(args).some((argument) => /^-F./.test(argument));
}

/** `run turbo`: a scoped turbo run, two tasks at a time unless the caller says otherwise. */
export const turboIntent: IntentEntry = {
  summary: 'a scoped turbo run, 2 tasks at a time unless you set them',
  plan(args, situation) {
    const program = findPackageProgram(situation.directory, 'turbo');
    if (program === null) return notInstalled('turbo', 'npm install --save-dev turbo', situation);
    if (args.find((argument) => !argument.startsWith('-')) === 'watch') {
      const once = ['run', ...args.filter((argument) => argument !== 'watch')].join(' ');
      return {
        kind: 'refused',
        sentence: `turbo watch holds its place for ever; run it once: ${ownName(situation.environment)} run turbo -- ${once}`,
      };
    }
    if (!isScopedTurbo(args)) {
      const shown = [
        `${ownName(situation.environment)} run turbo --`,
        ...(args.length === 0 ? ['run test'] : args),
        '--affected',
      ].join(' ');
      return {
        kind: 'refused',
        sentence: `a turbo run over the whole workspace is not allowed; scope it: ${shown} (or --filter=<package>)`,
      };
    }
    const named = ownArguments(args)[0]?.startsWith('-') === false ? args : ['run', ...args];
    return { kind: 'start', runner: 'turbo', program, ...shapeWorkers(named, turboTasks, situation.limits) };
  },
};
