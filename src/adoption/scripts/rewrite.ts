import type { Argument } from '../../policy/argument.ts';
import { runnerCall } from '../../policy/runner-call.ts';
import type { Intent, Runner } from '../../policy/verdict.ts';
import { asksToWatch } from '../../policy/watching.ts';
import type { Archetype } from './archetype.ts';
import type { SimpleCommand } from './commands.ts';
import { environmentLaunchers, keepsText, packageRunners, watchers } from './launcher-kinds.ts';
import { findLead, type Lead, strangerReason } from './lead.ts';
import type { LocatedRun } from './locate.ts';
import { fitsInQuotes, leave, type Rewrite, type RewriteContext, watchByHand } from './outcome.ts';
import { rewriteTurbo } from './rewrite-turbo.ts';

/** A run that the policy minds, with its archetype and what becomes of it. Null for one that it lets through as it stands. */
export interface JudgedRun {
  readonly archetype: Archetype;
  readonly rewrite: Rewrite;
}

function isWatching(runner: Runner, args: readonly Argument[]): boolean {
  const values = args.map(({ value }) => value);
  if (runner === 'turbo') return values.find((value) => !value.startsWith('-')) === 'watch';
  return asksToWatch(runner, values);
}

function archetypeOf(run: LocatedRun, isAlone: boolean): Archetype {
  if (run.runner === 'turbo') return 'turbo';
  const names = run.launches.map(({ name }) => name);
  const has = (set: ReadonlySet<string>) => [...names, ...run.texts].some((name) => set.has(name));
  if (names.includes('node') || names.includes('nodejs')) return 'node-file';
  if (has(packageRunners)) return 'package-runner';
  if (has(environmentLaunchers) || run.command.assigned.length > 0) return 'environment';
  if (names.length + run.texts.length > 0) return 'wrapper';
  return isAlone ? run.runner : 'chain';
}

function governedCommand(intent: Intent, context: RewriteContext): string {
  // Yarn's later lines give a member's scripts only the programs of its own dependencies.
  const isOutOfReach = context.packageManager === 'yarn-berry' && !context.isRootPackage;
  return `${isOutOfReach ? 'yarn run -T ' : ''}test-governor run ${intent} --`;
}

/** How the variables are set in front of the governed command. */
function assignmentsText(run: LocatedRun, lead: Lead): string {
  if (lead.assignments.length === 0) return '';
  const before = run.launches[lead.kept - 1];
  const isAssigner = before !== undefined && /^(?:g?env|cross-env)$/.test(before.name);
  const words = `${lead.assignments.join(' ')} `;
  return lead.at === 0 || isAssigner ? words : `env ${words}`;
}

/** The variables that the script itself sets for the run, with their values as far as they are written there. */
function assignedBy(run: LocatedRun): SimpleCommand['assigned'] {
  const ofLaunchers = run.launches
    .filter(({ name }) => name !== 'node' && name !== 'nodejs')
    .flatMap(({ start }) => start.assignments.map(({ name, value }) => ({ name, text: value.value })));
  return [...run.command.assigned, ...ofLaunchers];
}

/** Node's debugger waits in the first node that starts, and that would be the governor's own. */
const debugging = /--(?:inspect|debug)\b/;

function rewriteRunner(run: LocatedRun, intent: Intent, context: RewriteContext): Rewrite {
  const stranger = strangerReason(run);
  if (stranger !== null) return stranger;
  const lead = findLead(run);
  if ('kind' in lead) return lead;
  const twice = lead.assignments
    .map((assignment) => assignment.replace(/=.*$/s, ''))
    .find((name) => assignedBy(run).some((assigned) => assigned.name === name));
  if (twice !== undefined) {
    return leave(
      `${twice} would have to be set twice`,
      `put node’s own options into ${twice} and start test-governor run ${intent} -- by its name`,
    );
  }
  if (assignedBy(run).some(({ name, text }) => name === 'NODE_OPTIONS' && debugging.test(text))) {
    return leave(
      'NODE_OPTIONS starts a debugger, which would stop at the governor instead of the tests',
      'start the runner by itself for that, and declare an exception',
    );
  }
  const first = run.command.words[lead.at];
  const text = `${assignmentsText(run, lead)}${governedCommand(intent, context)}`;
  if (first === undefined || !fitsInQuotes(text, run)) {
    return leave('it stands inside quotes that the governed command would break', `write by hand: ${text}`);
  }
  const notes: string[] = [];
  if (run.runner === 'vitest' && intent === 'vitest' && !hasRunCommand(run)) {
    notes.push(
      `on a terminal a bare vitest watches; governed it runs once; ${watchByHand(run.runner, context.envPrefix)}`,
    );
  }
  if (run.launches.some(({ name }) => /timeout$/.test(name))) {
    notes.push('the time that it waits in the queue counts for timeout as well');
  }
  return { kind: 'edit', edits: [{ start: first.start, end: run.end, text }], notes };
}

function hasRunCommand({ args }: LocatedRun): boolean {
  return (
    /^(?:run|related|bench|typecheck)$/.test(args[0]?.value ?? '') ||
    args.some(({ value }) => value === '--run')
  );
}

/**
 * Says what becomes of one run: the edit that makes it governed and leaves everything around it as it is, or why it has
 * to be left. Null when the policy lets it through as it stands.
 * @param isAlone the run is all that the script does.
 */
export function judgeRun(run: LocatedRun, isAlone: boolean, context: RewriteContext): JudgedRun | null {
  const call = runnerCall(run.runner, run.args);
  const archetype = archetypeOf(run, isAlone);
  const foreignText = run.texts.find((name) => !keepsText.has(name));
  if (call.kind === 'harmless' || call.kind === 'turbo-scoped') return null;
  const isWatcher = foreignText !== undefined && watchers.has(foreignText);
  if (isWatcher || run.launches.some(({ name }) => watchers.has(name)) || isWatching(run.runner, run.args)) {
    return {
      archetype: 'watch',
      rewrite: leave(
        'a run that watches would hold its place in the queue for ever',
        watchByHand(run.runner, context.envPrefix),
      ),
    };
  }
  if (foreignText !== undefined) {
    const reason = `${foreignText} starts it from a text of its own`;
    return {
      archetype: 'opaque',
      rewrite: leave(reason, 'write the governed command into that text by hand'),
    };
  }
  switch (call.kind) {
    case 'tests':
      return { archetype, rewrite: rewriteRunner(run, call.intent, context) };
    case 'turbo-unscoped':
      return { archetype, rewrite: rewriteTurbo(run, call.isScoped, context) };
    default:
      return call satisfies never;
  }
}
