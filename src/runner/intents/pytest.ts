import { runsNoTests } from '../../policy/runner-call.ts';
import {
  asksPytestToWatch,
  autoWorkers,
  countSaid,
  isUncaptured,
  isXdistOff,
  saidOfWorkers,
} from '../pytest/command-line.ts';
import { findPytest, type PytestProgram } from '../pytest/find.ts';
import { askForModules } from '../pytest/modules.ts';
import { addedArguments } from '../pytest/settings.ts';
import { workersFor } from '../pytest/workers.ts';
import { type IntentEntry, notInstalled, type Plan, type RunSituation } from './intent.ts';

const install = 'python3 -m pip install pytest pytest-xdist';

function start(
  program: PytestProgram,
  args: readonly string[],
  workers: number | null,
): Extract<Plan, { kind: 'start' }> {
  const { file, leading } = program;
  return { kind: 'start', runner: 'pytest', program: { kind: 'native', file, leading }, args, workers };
}

/** The arguments with further options behind the caller's, and before the paths that stand behind a lone `--`. */
function withLast(args: readonly string[], options: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? [...args, ...options] : [...args.slice(0, end), ...options, ...args.slice(end)];
}

/** The workers that were asked for by an option of ours. */
function asAsked(
  program: PytestProgram,
  args: readonly string[],
  asked: string,
  situation: RunSituation,
): Plan {
  const { environment, limits } = situation;
  const count = countSaid(asked, environment, limits.cpus);
  const isOver = limits.cap !== null && count !== null && count > limits.cap;
  return isOver
    ? start(program, ['-n', String(limits.cap), ...args], limits.cap)
    : start(program, ['-n', asked, ...args], count);
}

/**
 * Workers by the machine's load, where pytest-xdist is there to start them.
 * @param all the arguments, and before them what pytest adds to them.
 */
function withWorkers(
  program: PytestProgram,
  args: readonly string[],
  all: readonly string[],
  situation: RunSituation,
): Plan {
  const { directory, environment, limits } = situation;
  if (isXdistOff(all, environment)) {
    const note = 'pytest-xdist is turned off here, so pytest runs in one process';
    return { ...start(program, args, 1), note };
  }
  const modules = askForModules(program, directory, environment);
  // A Python that does not answer is pytest's own to complain about.
  if (modules === null) return start(program, args, null);
  if (!modules.pytest) return notInstalled('pytest', install, situation);
  if (!modules.xdist) {
    const note =
      'pytest-xdist is not installed for this Python, so pytest runs in one process (python3 -m pip install pytest-xdist gives it workers)';
    return { ...start(program, args, 1), note };
  }
  if (situation.pytestWorkers !== null) return asAsked(program, args, situation.pytestWorkers, situation);
  const chosen = workersFor(situation.loadBand());
  const most = Math.min(situation.slots, limits.cap ?? situation.slots);
  if (chosen !== 'auto') {
    const workers = Math.min(chosen, limits.cap ?? chosen);
    return start(program, ['-n', String(workers), ...args], workers);
  }
  // The caller's own meaning of `auto` counts as far as there are slots.
  const workers = Math.min(most, countSaid('auto', environment, most) ?? most);
  // A project's hook for `auto` comes before the variable, but not before --maxprocesses; a lower one of the caller's stays.
  const isLimited = all.some((word) => word.startsWith('--maxprocesses'));
  const limit = isLimited ? [] : [`--maxprocesses=${workers}`];
  const plan = start(program, ['-n', 'auto', ...limit, ...args], workers);
  return { ...plan, environment: { [autoWorkers]: String(workers) } };
}

/** `run pytest`: the project's own pytest, with workers by the machine's load unless the caller settles them. */
export const pytestIntent: IntentEntry = {
  summary: "the project's pytest, with as many pytest-xdist workers as the load allows",
  plan(args, situation) {
    const { directory, environment, limits } = situation;
    if (asksPytestToWatch(args)) {
      const sentence =
        'a pytest that watches files (-f, --looponfail) holds its place for ever; run it once without the flag';
      return { kind: 'refused', sentence };
    }
    const program = findPytest(directory, environment);
    if (program === null) return notInstalled('pytest', install, situation);
    const { file, leading } = program;
    if (runsNoTests('pytest', args))
      return { kind: 'direct', program: { kind: 'native', file, leading }, args };
    if (limits.isFree) {
      const { pytestWorkers: asked } = situation;
      return start(program, asked === null ? args : ['-n', asked, ...args], null);
    }
    // What the command line says comes after all that is added to it.
    const isSaid = saidOfWorkers(args).kind !== 'nothing';
    const all = isSaid ? args : [...addedArguments(directory, args, environment), ...args];
    // An option of ours is as good as one of the command line: it comes before what the project's settings say.
    if (situation.pytestWorkers !== null && !isSaid) return withWorkers(program, args, all, situation);
    const said = saidOfWorkers(all);
    switch (said.kind) {
      case 'one-process':
        return start(program, args, 1);
      case 'workers': {
        const workers = countSaid(said.value, environment, limits.cpus);
        const isOver = limits.cap !== null && workers !== null && workers > limits.cap;
        // A further -n counts, as the last one does.
        return isOver
          ? start(program, withLast(args, ['-n', String(limits.cap)]), limits.cap)
          : start(program, args, workers);
      }
      case 'nothing':
        if (isUncaptured(all)) return start(program, args, 1);
        return withWorkers(program, args, all, situation);
      default:
        return said satisfies never;
    }
  },
};
