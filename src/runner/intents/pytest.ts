import { findPythonProgram } from '../find-runner.ts';
import { type IntentEntry, notInstalled } from './intent.ts';

/** `run pytest`: the project's own pytest, with the caller's arguments. */
export const pytestIntent: IntentEntry = {
  summary: "the project's pytest",
  plan(args, situation) {
    const program = findPythonProgram(situation.directory, 'pytest', situation.environment);
    if (program === null) return notInstalled('pytest', 'python3 -m pip install pytest', situation);
    return { kind: 'start', runner: 'pytest', program, args, workers: null };
  },
};
