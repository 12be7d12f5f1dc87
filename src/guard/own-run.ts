import { basename } from 'node:path';
import { capacityOf } from '../admission/budget.ts';
import { measureTotals } from '../admission/capacity.ts';
import type { Environment } from '../env.ts';
import { exitStatus } from '../exit-status.ts';
import { literal } from '../policy/argument.ts';
import { findRunner } from '../policy/programs.ts';
import type { Classification, Intent, Runner } from '../policy/verdict.ts';
import { asksJestToWatch, asksVitestToWatch } from '../policy/watching.ts';
import { isScopedTurbo } from '../runner/intents/turbo.ts';
import { runsVitestOnce } from '../runner/intents/vitest.ts';
import { type RunSettings, readRunSettings } from '../runner/settings.ts';
import type { RunOutput } from '../runner/standard-error.ts';
import { startGoverned } from '../runner/start.ts';
import type { Layer } from '../telemetry/event.ts';
import { decide } from './decide.ts';
import { type Fate, overrideMessage } from './message.ts';
import { withPreload } from './node-options.ts';
import { type Asker, judge, type Question } from './question.ts';
import { type OwnLimits, shapeOwn, shapeVariable, writeShape } from './shape-own.ts';
import { type Words, withoutShellWord } from './shell-word.ts';
import { complaints, recordInterception, type Situation, situationOf, subjectOf } from './situation.ts';

/** A command line of the user's own that is to run as a governed run. */
export interface OwnCommand {
  readonly layer: Exclude<Layer, 'text'>;
  /** The program that the layer would have become. */
  readonly program: string;
  /** The command as it was typed, its name first. */
  readonly argv: readonly string[];
}

/** From where it is started. */
export interface OwnContext {
  readonly asker: Asker;
  /** The process that takes the command's place. */
  readonly pid: number;
  /** Standard input and output are a terminal. */
  readonly isTerminal: boolean;
  /** The file that node is to load below it; see hooks/preload.cjs. */
  readonly preload: string;
  readonly output: RunOutput;
}

function fateOf(settings: RunSettings): Fate {
  switch (settings.uncounted) {
    case null:
      return 'queued';
    case 'overload':
      return 'unqueued';
    case 'ci':
      return 'in-ci';
    default:
      return settings.uncounted satisfies never;
  }
}

/** One line for what a run keeps the others waiting with, which a governed run would not have been allowed; null for most. */
export function heldUpBy({ runner, argv }: Classification, isTerminal: boolean): string | null {
  const args = argv.slice(1);
  const watching = 'test-governor: it watches, so everybody behind it in the queue waits until you end it.';
  switch (runner) {
    case 'jest':
      return asksJestToWatch(args) ? watching : null;
    case 'vitest': {
      const watches = asksVitestToWatch(args) || (isTerminal && !runsVitestOnce(args));
      return watches ? watching : null;
    }
    case 'turbo':
      if (args[0] === 'watch') return watching;
      return isScopedTurbo(args)
        ? null
        : 'test-governor: turbo takes the whole workspace, so everybody behind it waits until all of it is done; --affected or --filter=<package> makes that shorter.';
    case 'pytest':
    case null:
      return null;
    default:
      return runner satisfies never;
  }
}

/** What is started, and with how many workers as far as that is known. */
interface Planned {
  readonly args: readonly string[];
  readonly workers: number | null;
  readonly environment: Environment;
}

/**
 * The command with capped workers: by its own flag where the command is the runner itself, else by the preload below it. An
 * overload run stays as it was typed.
 */
function plan(
  { classification, location }: Situation,
  runner: Runner,
  command: OwnCommand,
  words: Words,
  context: OwnContext,
  limits: OwnLimits,
): Planned {
  const { environment } = context.asker;
  const { envPrefix } = location;
  const own = classification.argv.slice(1);
  const { args, workers, ...shaped } = shapeOwn(runner, own, limits, location.cwd, environment);
  if (limits.isFree) return { args: words.args, workers, environment };
  // A shim stands for the name that was typed, wherever the program lies that it found.
  const name = command.layer === 'shim' ? (command.argv[0] ?? '') : words.program;
  const isRunnerItself = findRunner(literal(name), false)?.runner === runner;
  return {
    args: isRunnerItself ? args : words.args,
    workers,
    environment: {
      ...environment,
      ...(isRunnerItself ? shaped.environment : {}),
      [`${envPrefix}_${shapeVariable}`]: writeShape(limits),
      NODE_OPTIONS: withPreload(
        environment.NODE_OPTIONS,
        context.preload,
        environment[`${envPrefix}_GUARD_PRELOAD`],
      ),
    },
  };
}

/** True when the program is the command's own: the preload's may be the node that runs, whatever it is called. */
function isTyped({ layer, program, argv }: OwnCommand): boolean {
  const isThisNode = layer === 'preload' && program === process.execPath;
  return isThisNode || basename(program) === basename(argv[0] ?? '');
}

/** The situation of a command that may be started: an override lets it through, and nothing above governs it already. */
function overriddenSituation(question: Question, asker: Asker): Situation | null {
  const judged = judge(question, asker);
  if (judged.classification.verdict === 'none') return null;
  const situation = situationOf(judged);
  const { classification, mode, inherited, isGoverned } = situation;
  const decision = decide(classification, mode, { governed: isGoverned, decided: inherited !== null });
  return decision.kind === 'override' ? situation : null;
}

/**
 * Runs a command line of the user's own as a governed run, because an override says so: it is asked about once more, so that this
 * starts nothing that a layer of interception would not have handed over; it takes its place in the queue, and runs with the
 * user's own arguments.
 * @returns the exit status: the command's own, or one of ours (docs/policy.md).
 */
export async function runOwn(command: OwnCommand, context: OwnContext): Promise<number> {
  const { say } = context.output;
  const { layer, argv } = command;
  const refuse = (sentence: string): number => {
    say(`test-governor: no tests ran. ${sentence}`);
    return exitStatus.usage;
  };
  if (!isTyped(command)) return refuse('The program is not the one that was typed.');
  const question: Question = { kind: 'argv', layer, pid: context.pid, argv, canGovern: true };
  const situation = overriddenSituation(question, context.asker);
  const { runner = null, intent = null } = situation?.classification ?? {};
  if (situation === null || runner === null || intent === null) {
    return refuse('Only a raw test run with an override is started like this; see docs/policy.md.');
  }
  return startOwn(command, { situation, runner, intent }, context);
}

interface Overridden {
  readonly situation: Situation;
  readonly runner: Runner;
  readonly intent: Intent;
}

async function startOwn(command: OwnCommand, found: Overridden, context: OwnContext): Promise<number> {
  const { situation, runner, intent } = found;
  const { say } = context.output;
  const { classification, location, state, mode, config } = situation;
  const { envPrefix } = location;
  const asked = { ...situation.environment, ...classification.assignments };
  const read = readRunSettings(asked, envPrefix, config);
  if (read.kind === 'invalid') {
    say(`test-governor: no tests ran. ${read.sentence}`);
    return read.status;
  }
  const settings: RunSettings = { ...read.settings, overridesPolicy: mode.bypassPolicy || mode.lowered };
  const fate = fateOf(settings);
  const heldUp = fate === 'queued' ? heldUpBy(classification, context.isTerminal) : null;
  const lines = [
    ...overrideMessage(subjectOf(situation), fate),
    ...(heldUp === null ? [] : [heldUp]),
    ...complaints(situation),
    ...recordInterception(situation, 'overridden'),
  ];
  context.output.write(`${lines.join('\n')}\n`);
  const words = withoutShellWord(command.program, command.argv.slice(1));
  const limits = { cap: settings.maxWorkersCap, isFree: settings.uncounted === 'overload' };
  const planned = plan(situation, runner, command, words, context, limits);
  return startGoverned(
    {
      intent,
      runner,
      called: classification.argv.slice(1),
      program: { kind: 'native', file: words.program },
      args: planned.args,
      workers: planned.workers,
      exclusive: false,
      family: situation.family,
      capacity: capacityOf(measureTotals(), settings),
      location,
      state,
      environment: planned.environment,
      settings,
      mode: mode.mode,
    },
    context.output,
  );
}
