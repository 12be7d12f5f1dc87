import { type Run, runsOf } from '../../policy/classify.ts';
import { mayReachRunner } from '../../policy/hot-words.ts';
import { governedScript } from '../../policy/script-launchers.ts';
import type { ClassifyContext, Runner } from '../../policy/verdict.ts';
import { asksToWatch } from '../../policy/watching.ts';
import { applyEdits } from '../edit.ts';
import type { Archetype } from './archetype.ts';
import { type SimpleCommand, simpleCommands } from './commands.ts';
import { type LocatedRun, locateRuns } from './locate.ts';
import { type Rewrite, type RewriteContext, watchByHand } from './outcome.ts';
import { judgeRun } from './rewrite.ts';
import { findRunnerFile, type RunnerFile } from './runner-file.ts';

/** One ungoverned run of a script. */
export interface UngovernedRun {
  readonly archetype: Archetype;
  readonly runner: Runner | null;
  /** The simple command that starts it, as it was written. */
  readonly command: string;
  readonly rewrite: Rewrite;
  /** The file that starts it; null when the script does so itself. */
  readonly runnerFile: RunnerFile | null;
}

/** A script judged. */
export interface JudgedScript {
  readonly runs: readonly UngovernedRun[];
  /** The script with every edit applied; the same text when there is none. */
  readonly rewritten: string;
}

export interface ScriptContext extends RewriteContext {
  /** How the policy reads the script where it runs, other scripts by their names alone. */
  readonly policy: ClassifyContext;
  /** The same with the texts of other scripts. */
  readonly followed: ClassifyContext;
}

const exceptionByHand = 'declare an exception in test-governor.config.json';

/** cmd.exe's own words: `set X=1 && …`, `%X%`, `jest.cmd`, `node_modules\.bin\jest`. */
const windowsWords =
  /(?:^|[&|]\s*)set\s+"?\w+=|%\w+%|\b(?:jest|vitest|pytest|turbo|npx|npm|pnpm|yarn)\.(?:cmd|bat|exe|ps1)\b|\\\.bin\\|\\(?:jest|vitest|pytest|turbo)\b|^\s*(?:cmd(?:\.exe)?\s+\/c|powershell|pwsh)\b/i;
const anyRunner = /\b(?:jest|vitest|pytest|turbo)\b/i;

/** A script whose name says that it runs tests. */
const testName = /^(?:(?:pre|post)?test(?::|$)|.*:test$)/;

/** A command word that only the shell will know and that may well be a runner. */
function opaqueCommand(commands: readonly SimpleCommand[], scriptName: string): SimpleCommand | null {
  const found = commands.find(({ words }) => {
    const first = words[0]?.argument;
    const isEval = first?.value === 'eval' && words.some(({ argument }) => argument.source !== null);
    const word = isEval ? words[1]?.argument : first;
    if (word === undefined || word.source === null || !/[$`]/.test(word.source)) return false;
    // `$npm_execpath run lint` starts a package manager, which is followed by its own means.
    if (/npm_(?:execpath|node_execpath)/.test(word.source)) return false;
    return testName.test(scriptName) || /jest|vitest|pytest|test|runner/i.test(word.source);
  });
  return found ?? null;
}

function slice(text: string, { start, end }: SimpleCommand): string {
  return text.slice(start, end);
}

function leftRun(
  archetype: Archetype,
  command: string,
  runner: Runner | null,
  reason: string,
  byHand: string,
): UngovernedRun {
  return { archetype, runner, command, rewrite: { kind: 'leave', reason, byHand }, runnerFile: null };
}

function windowsRun(text: string): UngovernedRun {
  const runner = /\b(jest|vitest|pytest|turbo)\b/i.exec(text)?.[1]?.toLowerCase();
  const known =
    runner === 'jest' || runner === 'vitest' || runner === 'pytest' || runner === 'turbo' ? runner : null;
  return leftRun(
    'windows',
    text,
    known,
    'it is written for cmd.exe, which test-governor does not run in',
    `write it for every shell, for example: cross-env X=1 test-governor run ${known ?? 'jest'} --; or ${exceptionByHand}`,
  );
}

function locatedRuns(
  text: string,
  commands: readonly SimpleCommand[],
  context: ScriptContext,
): readonly UngovernedRun[] {
  const { cwd, packages } = context.policy;
  return locateRuns(text, commands, { cwd, packages }).flatMap((located: LocatedRun) => {
    const command = slice(text, located.command);
    const judged = judgeRun(located, text.trim() === command, context);
    return judged === null ? [] : [{ ...judged, runner: located.runner, command, runnerFile: null }];
  });
}

/** What the policy sees in the rewritten text and no edit has reached. */
function unreachedRuns(
  rewritten: string,
  runs: readonly UngovernedRun[],
  context: ScriptContext,
): readonly UngovernedRun[] {
  const left = new Set(runs.filter(({ rewrite }) => rewrite.kind === 'leave').map(({ command }) => command));
  const seen = (runsOf(rewritten, context.policy) ?? []).filter(
    (run) =>
      run.verdict === 'bypass' &&
      ![...left].some((command) => command.includes(run.subject) || run.subject.includes(command)),
  );
  return [...new Map(seen.map((run) => [run.subject, run])).values()].map(({ subject, runner }) =>
    leftRun(
      'opaque',
      subject,
      runner,
      'how it gets there (a variable, eval, a function, text inside text) cannot be edited by its place',
      `start test-governor run ${runner ?? 'jest'} -- by its name, or ${exceptionByHand}`,
    ),
  );
}

function asksToWatchRun({ runner, args }: Run): boolean {
  return runner !== null && asksToWatch(runner, args);
}

/** A governed run may have any number of dashes in front of the runner's arguments. */
function withoutDashes(run: Run): Run {
  const at = run.args.findIndex((value) => value !== '--');
  return run.verdict === 'governed' && at > 0 ? { ...run, args: run.args.slice(at) } : run;
}

/** A script that hands a watch flag to another one, which refuses it when it is governed, or will. */
function watchingCall(text: string, context: ScriptContext): UngovernedRun | null {
  if (!/watch|--ui|-w\b|\bdev\b/.test(text)) return null;
  const run = (runsOf(text, context.followed) ?? []).find(
    (each) => each.isThroughScript && each.verdict !== 'harmless' && asksToWatchRun(withoutDashes(each)),
  );
  if (run === undefined) return null;
  return leftRun(
    'watch',
    run.subject,
    run.runner,
    'it hands a watch flag to another script, and a governed run refuses it',
    watchByHand(run.runner, context.envPrefix),
  );
}

function runnerFileRun(commands: readonly SimpleCommand[], text: string, context: ScriptContext) {
  const found = findRunnerFile(commands, context.policy.cwd, (line) => runsOf(line, context.policy));
  if (found === null) return null;
  const run = leftRun(
    'runner-file',
    text,
    found.runner,
    `${found.file}:${found.line} starts ${found.runner} by itself (${found.command})`,
    `let that file start \`test-governor run ${found.runner} -- …\`, or ${exceptionByHand}`,
  );
  return { ...run, runnerFile: found };
}

const nothing = (text: string): JudgedScript => ({ runs: [], rewritten: text });

/**
 * Judges one script by what it starts itself, not by what other scripts do that it calls: every ungoverned run with its
 * archetype and what migrating makes of it.
 */
export function judgeScript(name: string, text: string, context: ScriptContext): JudgedScript {
  if (windowsWords.test(text) && anyRunner.test(text)) return { runs: [windowsRun(text)], rewritten: text };
  const commands = simpleCommands(text);
  if (commands === null) {
    if (!anyRunner.test(text)) return nothing(text);
    const run = leftRun(
      'opaque',
      text,
      null,
      'it cannot be read as shell text',
      `mend it, or ${exceptionByHand}`,
    );
    return { runs: [run], rewritten: text };
  }
  const located = mayReachRunner(text) ? locatedRuns(text, commands, context) : [];
  const isGovernedScript = name === governedScript;
  const runs: UngovernedRun[] = located.map((run) =>
    isGovernedScript ? { ...run, rewrite: governedScriptRewrite } : run,
  );
  const edits = runs.flatMap(({ rewrite }) => (rewrite.kind === 'edit' ? rewrite.edits : []));
  const rewritten = applyEdits(text, edits);
  if (mayReachRunner(text)) runs.push(...unreachedRuns(rewritten, runs, context));
  if (runs.length > 0) return { runs, rewritten };
  const opaque = opaqueCommand(commands, name);
  const other =
    watchingCall(text, context) ??
    runnerFileRun(commands, text, context) ??
    (opaque === null
      ? null
      : leftRun(
          'opaque',
          slice(text, opaque),
          null,
          'only the shell will know what it starts',
          `name the runner in the script, or ${exceptionByHand}`,
        ));
  return { runs: other === null ? [] : [other], rewritten };
}

const governedScriptRewrite: Rewrite = {
  kind: 'leave',
  reason: `\`${governedScript}\` is the way into the governed run, and takes what to run from its arguments`,
  byHand: `set it to "test-governor run"`,
};
