import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { describeInvalid, loadConfig } from '../config.ts';
import { defaultEnvPrefix } from '../env.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { openClassifier } from '../guard/classifier.ts';
import { type Decision, decide } from '../guard/decide.ts';
import { describeRawRun } from '../guard/message.ts';
import { type ModeInForce, modeInForce } from '../mode.ts';
import type { Explanation } from '../policy/classify.ts';
import type { Step } from '../policy/trace.ts';
import type { Classification, VerdictKind } from '../policy/verdict.ts';
import { lineage } from '../process-identity.ts';
import { runAbove } from '../queue/lease.ts';
import { mainWorktree } from '../repository.ts';
import { openStateDirectory } from '../state-directory.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly line: string[] | undefined;
  readonly cwd: string;
  readonly '--'?: readonly string[];
}

/** Everything that decides on what would happen here. */
interface Here {
  readonly mode: ModeInForce;
  readonly envPrefix: string;
  readonly source: string;
  /** This shell stands below a governed run. */
  readonly isGoverned: boolean;
}

const verdictWords: Readonly<Record<VerdictKind, string>> = {
  bypass: 'a test run outside the governor',
  governed: 'a governed run',
  harmless: 'names a test runner, and is allowed as it stands',
  none: 'starts no test runner',
};

/** What was seen at a step, and what follows from it where that does not go without saying. */
interface StepWords {
  readonly what: string;
  readonly remark: string | null;
}

function wordsOf(step: Step, cwd: string): StepWords {
  switch (step.kind) {
    case 'launcher':
      return { what: step.command, remark: `${step.name} is a launcher: what it starts is looked at` };
    case 'script': {
      const file = relative(cwd, `${step.directory}/package.json`);
      return { what: `script "${step.name}" of ${file}: ${step.text}`, remark: null };
    }
    case 'function':
      return { what: `${step.name} is a function of the line itself: its body is looked at`, remark: null };
    case 'runner': {
      const { finding } = step;
      const note = finding.kind === 'runner' && finding.call.kind !== 'tests' ? `, ${finding.call.note}` : '';
      return { what: step.command, remark: `starts ${finding.runner ?? 'a test runner'}${note}` };
    }
    case 'governed':
      return { what: step.command, remark: 'goes through the governor' };
    case 'unknown':
      return { what: step.command, remark: 'leads to no test runner that the policy knows' };
    default:
      return step satisfies never;
  }
}

/** The steps, indented by how deep they stand. */
function stepLines(steps: readonly Step[], cwd: string): readonly string[] {
  return steps.flatMap((step, index) => {
    const indentation = '  '.repeat(Math.min(step.depth, 12));
    const { what, remark } = wordsOf(step, cwd);
    const number = `${String(index + 1).padStart(3)}  ${indentation}`;
    return [
      `${number}${escapeForTerminal(what)}`,
      ...(remark === null ? [] : [`     ${indentation}  → ${escapeForTerminal(remark)}`]),
    ];
  });
}

function overrideName({ mode, envPrefix }: Here): string {
  if (mode.allowOverload) return `${envPrefix}_ALLOW_OVERLOAD`;
  return mode.bypassPolicy ? `${envPrefix}_ALLOW_BYPASS_POLICY` : `a mode lower than ${mode.given}`;
}

function consequence(decision: Decision, { verdict }: Classification, here: Here): string {
  const { mode, source, isGoverned } = here;
  switch (decision.kind) {
    case 'pass':
      return verdict === 'none'
        ? 'it runs, and nothing is said.'
        : `the mode is off (${source}): it runs, and nothing is said.`;
    case 'allow':
      if (verdict === 'bypass' && isGoverned) return 'this shell stands below a governed run: it runs.';
      return verdict === 'governed'
        ? 'it takes its turn in the queue, and runs when it is admitted.'
        : 'it runs, and nothing is said.';
    case 'warn':
      return `the mode is warn (${source}): it runs now, and a message names the governed command.`;
    case 'override':
      return mode.allowOverload
        ? `${overrideName(here)} is set: it runs past the queue, which is recorded.`
        : `${overrideName(here)} is set: it takes its turn with its own words, which is recorded.`;
    case 'block':
      return `the mode is enforce (${source}): it is blocked with status 126, and no tests run.`;
    default:
      return decision satisfies never;
  }
}

function verdictLines({ classification, steps }: Explanation): readonly string[] {
  const { verdict, reason, replacement, isRead } = classification;
  const seen =
    steps.length > 0 ? [] : [isRead ? 'No word of it can lead to a test runner.' : 'It cannot be read.'];
  const raw = verdict === 'bypass' ? `: ${describeRawRun(classification)}` : '';
  return [
    ...seen,
    '',
    `verdict     ${verdict} (${verdictWords[verdict]}${raw})`,
    `reason      ${escapeForTerminal(reason)}`,
    ...(replacement === null ? [] : [`instead     ${escapeForTerminal(replacement)}`]),
  ];
}

/** What would happen to a line in this place; null when the config is invalid, which was said then. */
function lookHere(cwd: string, classification: Classification): Here | null {
  const config = loadConfig(cwd);
  if (config.kind === 'invalid') {
    fail(exitStatus.config, describeInvalid(config));
    return null;
  }
  const settings = config.kind === 'ok' ? config.config : {};
  const envPrefix = settings.envPrefix ?? defaultEnvPrefix;
  const environment = process.env;
  const mode = modeInForce({ ...environment, ...classification.assignments }, envPrefix, settings.mode);
  const sources = {
    environment: 'from the environment',
    shell: 'what this shell was guarded with',
    config: `from ${config.kind === 'ok' ? relative(cwd, config.file) : 'the config'}`,
    default: 'the default',
  };
  const state = openStateDirectory({ environment, envPrefix, cwd, mainWorktree });
  const isGoverned = runAbove({ environment, envPrefix, cwd, state }, lineage(process.pid)) !== null;
  return { mode, envPrefix, source: sources[mode.source], isGoverned };
}

function run(options: Options): void {
  const [line, ...rest] = [...(options.line ?? []), ...(options['--'] ?? [])];
  if (line === undefined || rest.length > 0) {
    fail(exitStatus.usage, `give one command line in quotes: ${ownCommand("why 'cd web && npm test'")}`);
    return;
  }
  const cwd = resolve(options.cwd);
  // A directory that is not there has no scripts, and the answer would be about nothing. The dot makes a file count as none.
  if (!existsSync(`${cwd}/.`)) {
    fail(exitStatus.usage, `--cwd ${options.cwd}: expected a directory`);
    return;
  }
  const explanation = openClassifier(process.env).explain(line, cwd);
  const { classification, steps } = explanation;
  const here = lookHere(cwd, classification);
  if (here === null) return;
  const decision = decide(classification, here.mode, { governed: here.isGoverned, decided: false });
  print(
    escapeForTerminal(line),
    '',
    ...stepLines(steps, cwd),
    ...verdictLines(explanation),
    `here        ${escapeForTerminal(consequence(decision, classification, here))}`,
  );
}

/** `test-governor why`: a verdict, step by step. */
export const whyCommand: CommandModule<object, Options> = {
  command: 'why [line..]',
  describe: 'Explain what becomes of a command line, step by step',
  builder: (parser: Argv<object>) =>
    parser
      .positional('line', {
        type: 'string',
        array: true,
        describe: 'the command line, as one word in quotes',
      })
      .option('cwd', { type: 'string', default: '.', describe: 'where the command line would run' })
      .example(
        "$0 why 'cd web && npm test'",
        'launchers and scripts on the way, the verdict, what happens here',
      )
      .epilogue(
        'Nothing of the line is run. For programs: test-governor classify --json. Exit status: 0, 64 bad usage, 78 the config is invalid.',
      ),
  handler: run,
};
