import { ownName } from '../../own-name.ts';
import { hasFlag } from '../../policy/own-arguments.ts';
import { runsNoTests } from '../../policy/runner-call.ts';
import { readVitestCommand } from '../../policy/vitest-command.ts';
import { asksVitestToWatch } from '../../policy/watching.ts';
import { findPackage } from '../find-runner.ts';
import { shapeVitest } from '../shape-vitest.ts';
import { type IntentEntry, type Plan, packageNotInstalled, type RunSituation } from './intent.ts';

/** True when the arguments ask vitest to run once; else it watches on a terminal. */
export function runsVitestOnce(args: readonly string[]): boolean {
  const { name } = readVitestCommand(args);
  const isOnce = name === 'run' || name === 'list' || name === 'init';
  return isOnce || hasFlag(args, ['--run', '--no-watch']) || args.includes('--watch=false');
}

/** Arguments that run no tests, as vitest takes them: on a terminal it merges reports only when it is told to run once. */
function asLook(args: readonly string[]): readonly string[] {
  const merges = hasFlag(args, ['--mergeReports', '--merge-reports']);
  return merges && !runsVitestOnce(args) ? ['run', ...args] : args;
}

/** Vitest with these arguments, once: its default on a terminal is to watch. */
function planVitest(args: readonly string[], situation: RunSituation): Plan {
  const found = findPackage(situation.directory, 'vitest');
  if (found === null) return packageNotInstalled('vitest', situation);
  const { program, version } = found;
  if (runsNoTests('vitest', args)) return { kind: 'direct', program, args: asLook(args) };
  if (asksVitestToWatch(args)) {
    const sentence = `a watching vitest holds its place for ever; use "run", or in a terminal of your own: ${situation.envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 ${ownName(situation.environment)} run watch-exclusive -- vitest`;
    return { kind: 'refused', sentence };
  }
  const { name, rest } = readVitestCommand(args);
  // The command goes first: it may have stood behind options, and those may be added to.
  const start = (command: readonly string[]): Plan => {
    const { args: shaped, ...settled } = shapeVitest(rest, version, situation.limits, situation.environment);
    return { kind: 'start', runner: 'vitest', program, args: [...command, ...shaped], ...settled };
  };
  if (name === null) return start(['run']);
  return start(runsVitestOnce(args) ? [name] : [name, '--run']);
}

/** `run vitest`: vitest once, two workers unless the caller says otherwise. */
export const vitestIntent: IntentEntry = {
  summary: 'vitest once, with 2 workers unless you set them',
  plan: planVitest,
};
