import { hasFlag } from '../../policy/own-arguments.ts';
import { findPackageProgram } from '../find-runner.ts';
import type { IntentEntry } from './intent.ts';
import { jestIntent } from './jest.ts';
import { vitestIntent } from './vitest.ts';

const vitestCommands = ['run', 'related', 'watch', 'dev'];
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

/** `run changed`: the tests of what was changed, by the workspace's own runner. */
export const changedIntent: IntentEntry = {
  summary: 'the tests of what was changed, by jest or vitest',
  plan(args, situation) {
    const [first = ''] = args;
    const wantsVitest = vitestCommands.includes(first) || hasFlag(args, ['--changed']);
    const wantsJest = hasFlag(args, jestSelectors);
    const hasVitest = findPackageProgram(situation.directory, 'vitest') !== null;
    const hasJest = findPackageProgram(situation.directory, 'jest') !== null;
    if (wantsVitest || (!wantsJest && hasVitest && !hasJest)) {
      return vitestIntent.plan(wantsVitest ? args : ['run', '--changed', ...args], situation);
    }
    return jestIntent.plan(wantsJest ? args : ['--onlyChanged', ...args], situation);
  },
};
