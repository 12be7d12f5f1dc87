import { ownName } from '../../own-name.ts';
import { runsNoTests } from '../../policy/runner-call.ts';
import { asksJestToWatch } from '../../policy/watching.ts';
import { findPackageProgram } from '../find-runner.ts';
import { shapeWorkers, type WorkerFlags } from '../shape.ts';
import { type IntentEntry, packageNotInstalled } from './intent.ts';

/** Jest's flags for the number of workers; https://jestjs.io/docs/cli#--maxworkersnumstring and --runinband. */
export const jestWorkers: WorkerFlags = {
  counted: ['--maxWorkers', '--max-workers', '-w'],
  attached: ['-w'],
  single: ['--runInBand', '--run-in-band', '-i'],
  letters: { valued: 'ct', single: 'i', counted: 'w' },
  other: [],
  added: '--maxWorkers',
};

/** `run jest`: jest once, two workers unless the caller says otherwise. */
export const jestIntent: IntentEntry = {
  summary: 'jest once, with 2 workers unless you set them',
  plan(args, situation) {
    const program = findPackageProgram(situation.directory, 'jest');
    if (program === null) return packageNotInstalled('jest', situation);
    if (runsNoTests('jest', args)) return { kind: 'direct', program, args };
    if (asksJestToWatch(args)) {
      const sentence = `a watching jest holds its place for ever; run it once without the watch flag, or in a terminal of your own: ${situation.envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 ${ownName(situation.environment)} run watch-exclusive -- jest`;
      return { kind: 'refused', sentence };
    }
    return { kind: 'start', runner: 'jest', program, ...shapeWorkers(args, jestWorkers, situation.limits) };
  },
};
