import { relative, resolve } from 'node:path';
import { type Argument, type Assignment, literal } from './argument.ts';
import { workspaceRoot } from './places.ts';
import { quoteArgument, quoteArguments, quoteWord } from './quote.ts';
import { governedScript } from './script-launchers.ts';
import type { Finding } from './trace.ts';
import type { ClassifyContext, Intent } from './verdict.ts';
import { asksToWatch } from './watching.ts';

/** A finding that a replacement can be given for. */
export type RunnerFinding = Extract<Finding, { kind: 'runner' }>;

/** The intent under which the governed run does what the finding does. */
export function intentOf(finding: RunnerFinding): Intent {
  return finding.call.kind === 'tests' ? finding.call.intent : finding.runner;
}

/** Variables that say how we behave towards the raw command; they have no place in front of the governed one. */
function isOwnSwitch(name: string, prefix: string): boolean {
  return ['POLICY_MODE', 'ALLOW_BYPASS_POLICY', 'ALLOW_WATCH_EXCLUSIVE', 'GOVERNED_CONTEXT'].some(
    (own) => name === `${prefix}_${own}`,
  );
}

/** The start of what `node` with flags of its own adds to NODE_OPTIONS. */
const addition = `"\${NODE_OPTIONS-} `;

/** The last value of each variable; what node's own flags add to NODE_OPTIONS joins a value that the line gives it. */
function lastValues(assignments: readonly Assignment[]): ReadonlyMap<string, Argument> {
  const values = new Map<string, Argument>();
  for (const { name, value } of assignments) {
    const earlier = values.get(name);
    const joins = earlier?.source === null && value.source?.startsWith(addition) === true;
    values.set(name, joins ? literal(`${earlier.value} ${value.value}`.trim()) : value);
  }
  return values;
}

function assignmentsText(finding: RunnerFinding, prefix: string): string {
  const { assignments, kept } = finding.route;
  let text = '';
  for (const [name, value] of lastValues(assignments)) {
    const isInKept = kept.before.some((word) => word.value === `${name}=${value.value}`);
    if (isOwnSwitch(name, prefix) || isInKept) continue;
    const isEmpty = value.source === null && value.value === '';
    text += `${name}=${isEmpty ? '' : quoteArgument(value)} `;
  }
  return text;
}

/** Where the governed script lies: absolute, and as seen from the directory of the run (`.` when a plain `npm run` finds it there). */
interface ScriptPlace {
  readonly holder: string;
  readonly from: string;
}

function findGovernedScript(directory: string, context: ClassifyContext): ScriptPlace | null {
  const { governedScriptAt } = context.repository;
  const nearest = context.packages.nearest(directory);
  if (directory !== context.cwd && nearest !== null && governedScript in nearest.scripts) {
    return { holder: nearest.directory, from: '.' };
  }
  if (governedScriptAt === null) return null;
  const holder =
    governedScriptAt === '.'
      ? (context.packages.nearest(context.cwd)?.directory ?? context.cwd)
      : resolve(context.cwd, governedScriptAt);
  if (directory === context.cwd) return { holder, from: governedScriptAt };
  return { holder, from: relative(directory, holder) || '.' };
}

/** pnpm's `-w` is an error outside a workspace, and means the workspace's root alone. */
function pnpmPlace(script: ScriptPlace, directory: string, { packages }: ClassifyContext): string {
  const isWorkspace = packages.members(directory).length > 0;
  if (isWorkspace && workspaceRoot(packages, directory)?.directory === script.holder) return '-w ';
  return script.from === '.' ? '' : `-C ${quoteWord(script.from)} `;
}

/** The way into the governed run with the repository's own package manager. Behind it stand the intent, `--` and the arguments. */
function launcherText(script: ScriptPlace | null, directory: string, context: ClassifyContext): string {
  const { packageManager, ownProgram } = context.repository;
  if (script === null && typeof ownProgram === 'string') return `${ownProgram} run`;
  const elsewhere = script === null || script.from === '.' ? null : quoteWord(script.from);
  switch (packageManager) {
    case 'npm':
      if (script === null) return 'npx test-governor run';
      return `npm ${elsewhere === null ? '' : `--prefix ${elsewhere} `}run test:governed --`;
    case 'pnpm':
      if (script === null) return 'pnpm exec test-governor run';
      return `pnpm ${pnpmPlace(script, directory, context)}run test:governed --`;
    case 'yarn':
      if (script === null) return 'yarn run test-governor run --';
      // Yarn 1 drops the first `--` of a line, wherever it stands.
      return `yarn ${elsewhere === null ? '' : `--cwd ${elsewhere} `}run test:governed --`;
    case 'yarn-berry':
      if (script === null) return 'yarn run test-governor run';
      return `yarn run ${elsewhere === null ? '' : '-T '}test:governed`;
    case 'bun':
      if (script === null) return 'bunx test-governor run';
      return `bun run ${elsewhere === null ? '' : `--cwd ${elsewhere} `}test:governed`;
    default:
      return packageManager satisfies never;
  }
}

/** A turbo run that names no scope gets one, because the governed run refuses it otherwise. */
function argumentsOf(finding: RunnerFinding): readonly Argument[] {
  if (finding.call.kind !== 'turbo-unscoped' || finding.call.isScoped) return finding.args;
  const dashes = finding.args.findIndex((argument) => argument.value === '--');
  const end = dashes === -1 ? finding.args.length : dashes;
  return [...finding.args.slice(0, end), literal('--affected'), ...finding.args.slice(end)];
}

function wordsText(words: readonly Argument[]): string {
  return words.length === 0 ? '' : `${quoteArguments(words)} `;
}

/** What the governed run is told, and how: the intent, the runner's arguments, and what stands in front of the launcher. */
interface Told {
  readonly switches: string;
  readonly intent: string;
  readonly args: readonly Argument[];
}

function toldTo(finding: RunnerFinding, { envPrefix }: ClassifyContext): Told {
  const { runner } = finding;
  const values = finding.args.map(({ value }) => value);
  if (finding.call.kind === 'tests' && asksToWatch(runner, values)) {
    // Watching is refused under every other intent, and without being asked for.
    const args = [literal(runner), ...finding.args];
    return { switches: `${envPrefix}_ALLOW_WATCH_EXCLUSIVE=1 `, intent: 'watch-exclusive', args };
  }
  return { switches: '', intent: intentOf(finding), args: argumentsOf(finding) };
}

function commandText(finding: RunnerFinding, directory: string, context: ClassifyContext): string {
  const { kept } = finding.route;
  const { switches, intent, args } = toldTo(finding, context);
  // What a launcher supplies it puts at the end: that must stand behind the dashes.
  const dashes = args.length === 0 && !kept.suppliesArguments ? '' : ' --';
  const launcher = launcherText(findGovernedScript(directory, context), directory, context);
  return [
    assignmentsText(finding, context.envPrefix),
    switches,
    wordsText(kept.before),
    `${launcher} ${intent}${dashes} `,
    wordsText(args),
    wordsText(kept.after),
  ]
    .join('')
    .trimEnd();
}

/** Where the replacement has to be typed: where the run takes place, unless words that are kept lead there by themselves. */
function startsIn(finding: RunnerFinding, context: ClassifyContext): string {
  const { kept } = finding.route;
  const isLed = kept.before.length > 0 && kept.inside === finding.cwd;
  return (isLed ? kept.outside : finding.cwd) ?? context.cwd;
}

/** The command to type instead of what was found, with the user's own arguments and assignments; several findings give several commands in a row. */
export function replacementFor(findings: readonly RunnerFinding[], context: ClassifyContext): string {
  const [only] = findings;
  const isThere = findings.length === 1 && only !== undefined && only.origin.cwd === startsIn(only, context);
  const commands = findings.map((finding) => {
    const directory = startsIn(finding, context);
    const command = commandText(finding, finding.cwd ?? context.cwd, context);
    if (directory === context.cwd) return command;
    const there = `cd ${quoteWord(relative(context.cwd, directory))} && ${command}`;
    // A line that goes there itself may as well stay there; one that does not must come back.
    return isThere ? there : `(${there})`;
  });
  const all = [...new Set(commands)].join(' && ');
  const redirections = only?.origin.redirections ?? '';
  // They hold for all that stands in place of the one command, and count from the directory where that stood.
  const isOne = redirections === '' || isThere || !all.includes(' && ') || isOneGroup(all);
  return `${isOne ? all : `(${all})`}${redirections}`;
}

/** True for text in one pair of parentheses. */
export function isOneGroup(text: string): boolean {
  return /^\([^()]*\)$/.test(text);
}
