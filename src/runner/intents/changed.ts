import { hasFlag, ownArguments } from '../../policy/own-arguments.ts';
import { readVitestCommand } from '../../policy/vitest-command.ts';
import { findPackageProgram } from '../find-runner.ts';
import type { IntentEntry } from './intent.ts';
import { jestIntent } from './jest.ts';
import { vitestIntent } from './vitest.ts';

const jestSelectors = [
  '-o',
  '--onlyChanged',
  '--only-changed',
  '--findRelatedTests',
  '--find-related-tests',
  '--changedSince',
  '--changed-since',
  '--lastCommit',
  '--last-commit',
];

/** Vitest's arguments with its own flag for what was changed. It is the last one: a path behind it would be taken for its value. */
function changedInVitest(args: readonly string[]): readonly string[] {
  const own = ownArguments(args);
  return [...own, '--changed', ...args.slice(own.length)];
}

/** `run changed`: the tests of what was changed, by the workspace's own runner. */
export const changedIntent: IntentEntry = {
  summary: 'the tests of what was changed, by jest or vitest',
  plan(args, situation) {
    const { name } = readVitestCommand(args);
    const isSaidToVitest = name === 'related' || hasFlag(args, ['--changed']);
    const wantsVitest = isSaidToVitest || name === 'run' || name === 'watch' || name === 'dev';
    const wantsJest = hasFlag(args, jestSelectors);
    const hasVitest = findPackageProgram(situation.directory, 'vitest') !== null;
    const hasJest = findPackageProgram(situation.directory, 'jest') !== null;
    if (wantsVitest || (!wantsJest && hasVitest && !hasJest)) {
      return vitestIntent.plan(isSaidToVitest ? args : changedInVitest(args), situation);
    }
    return jestIntent.plan(wantsJest ? args : ['--onlyChanged', ...args], situation);
  },
};
