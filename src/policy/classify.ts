import { literal } from './argument.ts';
import { mayReachRunner } from './hot-words.ts';
import { quoteArguments } from './quote.ts';
import { intentOf, type RunnerFinding, replacementFor } from './replacement.ts';
import { resolveCommand } from './resolve.ts';
import { newScope } from './scope.ts';
import type { Finding, Trace } from './trace.ts';
import type { Classification, ClassifyContext, VerdictKind } from './verdict.ts';
import { followFunction, followText } from './walk.ts';

/** Longer text is left to the layers below. */
const longestText = 262_144;

const nothing: Classification = {
  verdict: 'none',
  runner: null,
  form: null,
  intent: null,
  replacement: null,
  reason: 'starts no test runner that the policy knows',
  commandWord: null,
  subject: null,
  assignments: {},
  argv: [],
  piped: false,
  bypassWords: [],
};

function noOpinion(reason: string): Classification {
  return { ...nothing, reason };
}

function newTrace(context: ClassifyContext): Trace {
  return { context, findings: [], isUnparsable: false, steps: 0, nesting: 0, followText, followFunction };
}

function verdictOf(finding: Finding): VerdictKind {
  if (finding.kind === 'governed') return 'governed';
  switch (finding.call.kind) {
    case 'tests':
    case 'turbo-unscoped':
      return 'bypass';
    case 'turbo-scoped':
    case 'harmless':
      return 'harmless';
  }
}

/** The worst part of a line decides. */
const severity: Readonly<Record<VerdictKind, number>> = { bypass: 3, governed: 2, harmless: 1, none: 0 };

function route(finding: Finding): string {
  const names = finding.scripts.map((step) => `\`${step.name}\``);
  if (names.length > 0) return `the package script ${names.join(' → ')} `;
  return '';
}

function reasonFor(finding: RunnerFinding): string {
  const { call, runner } = finding;
  const subject = `${route(finding)}`;
  switch (call.kind) {
    case 'tests':
      return `${subject}starts ${runner} outside the governor`;
    case 'turbo-unscoped':
      return `${subject}starts test tasks of turbo ${call.note}`;
    case 'turbo-scoped':
    case 'harmless':
      return `${subject}starts ${runner}, but ${call.note}`;
  }
}

function describe(finding: Finding, context: ClassifyContext, words: readonly string[]): Classification {
  const verdict = verdictOf(finding);
  const common = {
    ...nothing,
    verdict,
    runner: finding.runner,
    form: finding.form,
    commandWord: finding.origin.word,
    subject: finding.origin.subject,
    assignments: Object.fromEntries(
      finding.assignments.flatMap(({ name, value }) => (value.source === null ? [[name, value.value]] : [])),
    ),
    piped: finding.origin.isPiped,
    bypassWords: words,
  };
  if (finding.kind === 'governed') {
    return { ...common, intent: finding.intent, reason: 'goes through the governor' };
  }
  const turbo = finding.call.kind === 'turbo-unscoped' || finding.call.kind === 'turbo-scoped';
  return {
    ...common,
    form: turbo ? (finding.call.kind === 'turbo-scoped' ? 'turbo-scoped' : 'turbo-unscoped') : finding.form,
    intent: finding.call.kind === 'harmless' ? null : intentOf(finding),
    argv: [finding.runner, ...finding.args.map((argument) => argument.value)],
    replacement: verdict === 'bypass' ? replacementFor(finding, context) : null,
    reason: reasonFor(finding),
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
  return worst === undefined ? nothing : describe(worst, trace.context, [...words]);
}

/** The verdict on a command line, as bash or zsh would read it. Never throws; text that it cannot judge is `none`. */
export function classify(line: string, context: ClassifyContext): Classification {
  if (!mayReachRunner(line)) return nothing;
  if (line.length > longestText) return noOpinion('too long to read, no opinion');
  const trace = newTrace(context);
  followText(
    {
      text: line,
      scope: newScope(context.cwd, null),
      via: null,
      assignments: [],
      scripts: [],
      depth: 0,
      origin: null,
      appended: [],
    },
    trace,
  );
  return conclude(trace);
}

/** The verdict on an argument vector that is about to run. */
export function classifyArgv(argv: readonly string[], context: ClassifyContext): Classification {
  const args = argv.map(literal);
  const trace = newTrace(context);
  resolveCommand(
    {
      args,
      scope: newScope(context.cwd, null),
      cwd: context.cwd,
      via: null,
      isPackage: false,
      isShellWord: false,
      assignments: [],
      scripts: [],
      depth: 0,
      origin: { word: argv[0] ?? null, subject: quoteArguments(args), isPiped: false },
      stdin: null,
    },
    trace,
  );
  return conclude(trace);
}
