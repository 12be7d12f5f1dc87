import { literal } from './argument.ts';
import { mayReachRunner } from './hot-words.ts';
import { nothingKept } from './kept.ts';
import { quoteArguments } from './quote.ts';
import { isReadable } from './readable.ts';
import { intentOf, type RunnerFinding, replacementFor } from './replacement.ts';
import { resolveCommand } from './resolve.ts';
import { newScope } from './scope.ts';
import { type Finding, type Route, type Step, type Trace, verdictOf } from './trace.ts';
import type { Classification, ClassifyContext, Form, Intent, Runner, VerdictKind } from './verdict.ts';
import { followFunction, followText } from './walk.ts';

/** Where every line starts. */
const start: Route = { via: null, assignments: [], scripts: [], depth: 0, kept: nothingKept };

const nothing: Classification = {
  verdict: 'none',
  runner: null,
  form: null,
  intent: null,
  replacement: null,
  reason: 'starts no test runner that the policy knows',
  commandWord: null,
  subject: null,
  isRead: true,
  subjectAt: null,
  subjectCwd: null,
  assignments: {},
  argv: [],
  piped: false,
  hasOtherPipe: false,
  bypassWords: [],
};

function noOpinion(reason: string): Classification {
  return { ...nothing, isRead: false, reason };
}

function newTrace(context: ClassifyContext, line: string, watch: Trace['watch'] = null): Trace {
  return {
    context,
    line,
    watch,
    findings: [],
    substituted: new Set(),
    isUnparsable: false,
    hasRawPipe: false,
    hasOtherPipe: false,
    steps: 0,
    characters: 0,
    nesting: 0,
    followText,
    followFunction,
  };
}

/** The worst part of a line decides. */
const severity: Readonly<Record<VerdictKind, number>> = { bypass: 3, governed: 2, harmless: 1, none: 0 };

/** More commands than this are not strung together: the message names the first, and says how many more there are. */
const mostCommands = 6;

function reasonFor(finding: RunnerFinding, others: number): string {
  const { call, runner } = finding;
  const names = finding.route.scripts.map((step) => `\`${step.name}\``).join(' → ');
  const subject = names === '' ? '' : `the package script ${names} `;
  const more = others === 0 ? '' : `, and ${others} more test ${others === 1 ? 'run' : 'runs'}`;
  switch (call.kind) {
    case 'tests':
      return `${subject}starts ${runner} outside the governor${more}`;
    case 'turbo-unscoped':
      return `${subject}starts test tasks of turbo ${call.note}${more}`;
    case 'turbo-scoped':
    case 'harmless':
      return `${subject}starts ${runner}, but ${call.note}`;
    default:
      return call satisfies never;
  }
}

function formOf(finding: RunnerFinding): Form {
  const { kind } = finding.call;
  return kind === 'turbo-scoped' || kind === 'turbo-unscoped' ? kind : finding.form;
}

/** Every raw run that the same simple command starts as the first one. */
function sameCommand(findings: readonly Finding[], first: RunnerFinding): readonly RunnerFinding[] {
  return findings.filter(
    (finding): finding is RunnerFinding =>
      finding.kind === 'runner' && finding.origin === first.origin && verdictOf(finding) === 'bypass',
  );
}

function describe(finding: Finding, trace: Trace, words: readonly string[]): Classification {
  const verdict = verdictOf(finding);
  const common = {
    ...nothing,
    verdict,
    runner: finding.runner,
    form: finding.form,
    commandWord: finding.origin.word,
    subject: finding.origin.subject,
    subjectAt: finding.origin.at,
    subjectCwd: finding.origin.cwd,
    assignments: Object.fromEntries(
      finding.route.assignments.flatMap(({ name, value }) =>
        value.source === null ? [[name, value.value]] : [],
      ),
    ),
    piped: trace.hasRawPipe,
    hasOtherPipe: trace.hasOtherPipe,
    bypassWords: words,
  };
  if (finding.kind === 'governed') {
    return { ...common, intent: finding.intent, reason: 'goes through the governor' };
  }
  const same = verdict === 'bypass' ? sameCommand(trace.findings, finding) : [finding];
  const shown = same.length > mostCommands ? [finding] : same;
  return {
    ...common,
    form: formOf(finding),
    intent: finding.call.kind === 'harmless' ? null : intentOf(finding),
    argv: [finding.runner, ...finding.args.map((argument) => argument.value)],
    replacement: verdict === 'bypass' ? replacementFor(shown, trace.context) : null,
    reason: reasonFor(finding, same.length - 1),
  };
}

function conclude(trace: Trace): Classification {
  if (trace.isUnparsable) return noOpinion('cannot be parsed, no opinion');
  let worst: Finding | undefined;
  const words = new Set<string>();
  for (const finding of trace.findings) {
    const verdict = verdictOf(finding);
    if (worst === undefined || severity[verdict] > severity[verdictOf(worst)]) worst = finding;
    if (verdict === 'bypass' && finding.origin.word !== null) words.add(finding.origin.word);
  }
  return worst === undefined ? nothing : describe(worst, trace, [...words]);
}

function traceLine(line: string, context: ClassifyContext, watch: Trace['watch'] = null): Trace {
  const trace = newTrace(context, line, watch);
  followText(
    {
      text: line,
      scope: newScope(context.cwd, null),
      route: start,
      origin: null,
      appended: [],
      isSameShell: true,
    },
    trace,
  );
  return trace;
}

/** The verdict on a command line, as bash or zsh would read it. Never throws; text that it cannot judge is `none`. */
export function classify(line: string, context: ClassifyContext): Classification {
  if (!mayReachRunner(line)) return nothing;
  if (!isReadable(line)) return noOpinion('too long or too deep to read, no opinion');
  return conclude(traceLine(line, context));
}

/** A verdict with everything that led to it. */
export interface Explanation {
  readonly classification: Classification;
  /** In the order in which they were seen. Empty when the line names nothing that leads to a test runner. */
  readonly steps: readonly Step[];
}

/** The verdict on a command line as {@link classify} gives it, and the way to it. Never throws. */
export function explain(line: string, context: ClassifyContext): Explanation {
  if (!mayReachRunner(line)) return { classification: nothing, steps: [] };
  if (!isReadable(line)) return { classification: classify(line, context), steps: [] };
  const steps: Step[] = [];
  const trace = traceLine(line, context, (step) => steps.push(step));
  return { classification: conclude(trace), steps };
}

/** One test run that a command line starts. */
export interface Run {
  readonly verdict: VerdictKind;
  readonly runner: Runner | null;
  readonly intent: Intent | null;
  /** The simple command of the line that starts it, as it was written. */
  readonly subject: string;
  /** The runner's own arguments, expansions as they were written. */
  readonly args: readonly string[];
  /** A package script stands between the line and the run. */
  readonly isThroughScript: boolean;
}

/** Every run that a command line starts, in its order, not only the worst. Null when the line cannot be read. */
export function runsOf(line: string, context: ClassifyContext): readonly Run[] | null {
  if (!mayReachRunner(line)) return [];
  if (!isReadable(line)) return null;
  const trace = traceLine(line, context);
  if (trace.isUnparsable) return null;
  return trace.findings.map((finding) => ({
    verdict: verdictOf(finding),
    runner: finding.runner,
    intent: finding.kind === 'governed' ? finding.intent : intentOf(finding),
    subject: finding.origin.subject,
    args: finding.args.map((argument) => argument.value),
    isThroughScript: finding.route.scripts.length > 0,
  }));
}

/** The verdict on an argument vector that is about to run. */
export function classifyArgv(argv: readonly string[], context: ClassifyContext): Classification {
  const args = argv.map(literal);
  const trace = newTrace(context, '');
  resolveCommand(
    {
      args,
      scope: newScope(context.cwd, null),
      cwd: context.cwd,
      isPackage: false,
      isShellWord: false,
      route: start,
      origin: {
        word: argv[0] ?? null,
        subject: quoteArguments(args),
        at: null,
        redirections: '',
        cwd: context.cwd,
      },
      stdin: null,
    },
    trace,
  );
  return conclude(trace);
}
