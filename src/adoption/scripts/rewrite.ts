import type { Argument } from '../../policy/argument.ts';
import { runnerCall } from '../../policy/runner-call.ts';
import type { Intent, PackageManager, Runner } from '../../policy/verdict.ts';
import { asksJestToWatch } from '../../runner/intents/jest.ts';
import { hasFlag } from '../../runner/shape.ts';
import type { Archetype } from './archetype.ts';
import type { Launch, LocatedRun } from './locate.ts';

/** A replacement of a part of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What migrating does to one run. */
export type Rewrite =
  | { readonly kind: 'edit'; readonly edits: readonly Edit[]; readonly notes: readonly string[] }
  | { readonly kind: 'leave'; readonly reason: string; readonly byHand: string };

/** Where the script lies. */
export interface RewriteContext {
  readonly packageManager: PackageManager;
  readonly isRootPackage: boolean;
  readonly envPrefix: string;
  /** The tasks that turbo.json defines for the root package itself (`//#test`). */
  readonly rootTasks: ReadonlySet<string>;
}

/** A run that the policy minds, with its archetype and what becomes of it. Null for one that it lets through as it stands. */
export interface JudgedRun {
  readonly archetype: Archetype;
  readonly rewrite: Rewrite;
}

function leave(reason: string, byHand: string): Rewrite {
  return { kind: 'leave', reason, byHand };
}

/** Programs that start the command behind their own arguments by its name, so that the governed one can stand in its place. */
const keepsCommand = new Set(
  (
    'env genv cross-env dotenv dotenvx env-cmd timeout gtimeout nice ionice time gtime nohup setsid stdbuf unbuffer taskset ' +
    'caffeinate chronic exec command noglob nocorrect arch xvfb-run nyc c8 uv poetry pipenv pdm rye conda mamba micromamba ' +
    'direnv mise rtx volta fnm asdf nvm systemd-inhibit numactl chrt prlimit xargs gxargs find gfind bfs flock op doppler ' +
    'infisical with-guard repeat lerna'
  ).split(' '),
);

/** Programs that give their text to a shell, which finds the governed command as it found the runner. */
const keepsText = new Set(
  'sh bash dash zsh ksh ash mksh rbash concurrently conc start-server-and-test server-test start-test cross-env-shell'.split(
    ' ',
  ),
);

const environmentLaunchers = new Set([
  'env',
  'genv',
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'dotenvx',
  'env-cmd',
]);
const watchers = new Set(['watch', 'gwatch', 'nodemon', 'entr']);
const otherUsers = new Set(['sudo', 'doas', 'su', 'runuser']);
const packageRunners = new Set(['npx', 'npm', 'pnpm', 'pn', 'pnpx', 'pnx', 'yarn', 'yarnpkg', 'bun', 'bunx']);

/** The words of a package runner that change nothing about which program it starts. */
const idleWords = new Set([
  'exec',
  'x',
  'run',
  '--',
  '--no-install',
  '--no',
  '-y',
  '--yes',
  '-q',
  '--quiet',
  '-s',
  '--silent',
  '--offline',
  '--prefer-offline',
  '-T',
  '--top-level',
]);

/** `node_modules/.bin/jest`, `../../node_modules/jest/bin/jest.js`, `$(npm bin)/jest`: the workspace's own. */
const ownPath = /^(?:\.{0,2}\/)*(?:\.\.\/)*node_modules\/|^"?(?:\$\(|`)(?:npm|yarn|pnpm) bin[)`]"?\//;
const ownPythonPath = /^(?:\.\/)?\.?venv\/bin\/(?:pytest|py\.test)$/;

function anotherRunner(runner: Runner): string {
  return `a ${runner} of its own, not the one that a governed run finds`;
}

function isWatching(runner: Runner, args: readonly Argument[]): boolean {
  const values = args.map(({ value }) => value);
  const first = values.find((value) => !value.startsWith('-'));
  switch (runner) {
    case 'jest':
      return asksJestToWatch(values);
    case 'vitest':
      if (values[0] === 'watch' || values[0] === 'dev') return true;
      return hasFlag(values, ['--watch', '-w', '--ui']) && !values.includes('--watch=false');
    case 'turbo':
      return first === 'watch';
    case 'pytest':
      return false;
    default:
      return runner satisfies never;
  }
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

/** The launchers at the inner end that the governed run takes the place of, and what they must hand on. */
interface Lead {
  /** The index of the first word that goes. */
  readonly at: number;
  /** How many launchers stay in front. */
  readonly kept: number;
  readonly assignments: readonly string[];
}

function wordsBetween(run: LocatedRun, launch: Launch): readonly Argument[] {
  return run.command.words.slice(launch.at + 1, launch.next).map(({ argument }) => argument);
}

/** Node's own flags as an addition to NODE_OPTIONS; null when one of them cannot be handed on that way. */
function nodeAssignments(run: LocatedRun, launch: Launch): readonly string[] | null {
  const flags = wordsBetween(run, launch)
    .filter(({ value }) => value.startsWith('-'))
    .map(({ value }) => value.replace(/=.*$/s, ''));
  const [assignment] = launch.start.assignments;
  if (assignment === undefined) return flags.length === 0 ? [] : null;
  const handedOn = assignment.value.value.split(' ').map((flag) => flag.replace(/=.*$/s, ''));
  if (!flags.every((flag) => handedOn.includes(flag))) return null;
  return [`NODE_OPTIONS="\${NODE_OPTIONS-} ${assignment.value.value}"`];
}

/** Python puts the working directory on its path for `-m`, and pytest's own program does not. */
const moduleAssignment = `PYTHONPATH=".\${PYTHONPATH:+:$PYTHONPATH}"`;

/** What stands in for one launcher: it goes (with what it must hand on), it stays, or nothing can be done. */
type Treatment =
  | { readonly kind: 'goes'; readonly assignments: readonly string[] }
  | { readonly kind: 'stays' }
  | Extract<Rewrite, { kind: 'leave' }>;

function leaveTreatment(reason: string, byHand: string): Treatment {
  return { kind: 'leave', reason, byHand };
}

function treatPackageRunner(run: LocatedRun, launch: Launch): Treatment {
  const { name, start } = launch;
  const between = wordsBetween(run, launch).map(({ value }) => value);
  const isFetching = name === 'pnpx' || name === 'pnx' || between.includes('dlx');
  if (isFetching) {
    return leaveTreatment(
      `it downloads ${anotherRunner(run.runner)}`,
      `add ${run.runner} to the devDependencies and start it by its name`,
    );
  }
  const goesToRoot = start.place?.kind === 'workspace-root' && name.startsWith('yarn');
  if (start.place !== null && !goesToRoot) return { kind: 'stays' };
  if (between.every((word) => idleWords.has(word))) return { kind: 'goes', assignments: [] };
  return leaveTreatment(
    `${name} is given options here (${between.filter((word) => !idleWords.has(word)).join(' ')}) that a governed run does not know`,
    'start the workspace’s own runner without them, or declare an exception',
  );
}

function treat(run: LocatedRun, launch: Launch): Treatment {
  const { name, start } = launch;
  const isLast = launch === run.launches.at(-1);
  if (watchers.has(name)) {
    return leaveTreatment(`${name} starts it again and again`, watchByHand(run));
  }
  if (otherUsers.has(name)) {
    return leaveTreatment(
      `${name} runs it as another user, whose queue is another`,
      'let the governed run change the user inside the tests, or declare an exception',
    );
  }
  if (packageRunners.has(name)) return isLast ? treatPackageRunner(run, launch) : { kind: 'stays' };
  if (name === 'node' || name === 'nodejs') {
    const assignments = nodeAssignments(run, launch);
    if (assignments !== null) return { kind: 'goes', assignments };
    return leaveTreatment(
      'one of node’s own options here cannot be handed on in NODE_OPTIONS',
      'drop the option, or declare an exception in test-governor.config.json',
    );
  }
  if (/^(?:python|pypy)/.test(name)) {
    const options = wordsBetween(run, launch).map(({ value }) => value);
    if (start.via === 'python-module' && options.join(' ') === '-m' && /^python3?$/.test(name)) {
      return { kind: 'goes', assignments: [moduleAssignment] };
    }
    return leaveTreatment(
      'Python is given options here that a governed run does not hand on',
      'drop them, or declare an exception',
    );
  }
  if (!keepsCommand.has(name) || start.isPackage) {
    return leaveTreatment(
      `${name} starts it in a way of its own`,
      `put \`test-governor run ${run.runner} --\` in the runner’s place by hand where ${name} allows it, or declare an exception`,
    );
  }
  return { kind: 'stays' };
}

function findLead(run: LocatedRun): Lead | Extract<Rewrite, { kind: 'leave' }> {
  let at = run.at;
  let kept = run.launches.length;
  let isInnermost = true;
  const assignments: string[] = [];
  for (const launch of [...run.launches].reverse()) {
    const treatment = treat(run, launch);
    switch (treatment.kind) {
      case 'leave':
        return treatment;
      case 'stays':
        isInnermost = false;
        break;
      case 'goes':
        // A package runner in front of `cross-env … jest` starts that, and stays.
        if (!isInnermost) break;
        at = launch.at;
        kept -= 1;
        assignments.push(...treatment.assignments);
        break;
      default:
        return treatment satisfies never;
    }
  }
  return { at, kept, assignments };
}

/** Why the runner's own word names a runner that a governed run would not find; null when it names the workspace's own. */
function strangerReason(run: LocatedRun): Extract<Rewrite, { kind: 'leave' }> | null {
  const word = run.command.words[run.at]?.argument;
  if (word === undefined) return null;
  const byHand = `start the workspace’s own: test-governor run ${run.runner} --`;
  const { value } = word;
  if (run.isPath) {
    const isOwn = run.runner === 'pytest' ? ownPythonPath.test(value) : ownPath.test(word.source ?? value);
    return isOwn
      ? null
      : { kind: 'leave', reason: `the path ${value} may be ${anotherRunner(run.runner)}`, byHand };
  }
  if (value.lastIndexOf('@') > 0) {
    return { kind: 'leave', reason: `${value} asks for ${anotherRunner(run.runner)}`, byHand };
  }
  if (value === 'pytest-3') {
    return { kind: 'leave', reason: `pytest-3 is the system’s own`, byHand };
  }
  return null;
}

function watchByHand(run: LocatedRun): string {
  const runner = run.runner === 'vitest' ? 'vitest' : 'jest';
  return `for a watching run in a terminal of your own: test-governor run watch-exclusive -- ${runner}`;
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

/** The names of the variables that the script itself sets for the run. */
function assignedNames(run: LocatedRun): readonly string[] {
  const ofLaunchers = run.launches
    .filter(({ name }) => name !== 'node' && name !== 'nodejs')
    .flatMap(({ start }) => start.assignments.map(({ name }) => name));
  return [...run.command.assigned, ...ofLaunchers];
}

/** True when the text can stand inside the quotes around the run. */
function fits(text: string, run: LocatedRun): boolean {
  return run.quotes.length === 0 || !/["'$`\\]/.test(text);
}

function rewriteRunner(run: LocatedRun, intent: Intent, context: RewriteContext): Rewrite {
  const stranger = strangerReason(run);
  if (stranger !== null) return stranger;
  const lead = findLead(run);
  if ('kind' in lead) return lead;
  const twice = lead.assignments
    .map((assignment) => assignment.replace(/=.*$/s, ''))
    .find((name) => assignedNames(run).includes(name));
  if (twice !== undefined) {
    return leave(
      `${twice} would have to be set twice`,
      `put node’s own options into ${twice} and start test-governor run ${intent} -- by its name`,
    );
  }
  const first = run.command.words[lead.at];
  const text = `${assignmentsText(run, lead)}${governedCommand(intent, context)}`;
  if (first === undefined || !fits(text, run)) {
    return leave('it stands inside quotes that the governed command would break', `write by hand: ${text}`);
  }
  const notes: string[] = [];
  if (run.runner === 'vitest' && intent === 'vitest' && !hasRunCommand(run)) {
    notes.push(`on a terminal a bare vitest watches; governed it runs once; ${watchByHand(run)}`);
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
 * Gives a turbo run its scope and its cap. `!//`, all packages but the root, is what a turbo run without a scope does,
 * and unlike `*` it leaves a filter that somebody appends its meaning. With a task of the root's own it would leave that
 * task out; then `*` takes everything.
 */
function rewriteTurbo(run: LocatedRun, isScoped: boolean, context: RewriteContext): Rewrite {
  const dashes = run.args.findIndex(({ value }) => value === '--');
  const own = dashes === -1 ? run.argumentWords : run.argumentWords.slice(0, dashes);
  const isCapped = own.some(({ argument }) => /^--concurrency(?:=|$)/.test(argument.value));
  const hasRootTask = own.some(({ argument }) => context.rootTasks.has(argument.value));
  const filter = `--filter='${hasRootTask ? '*' : '!//'}'`;
  const added = `${isScoped ? '' : ` ${filter}`}${isCapped ? '' : ' --concurrency=2'}`;
  const innermost = run.launches.at(-1);
  const isNpmExec =
    innermost?.name === 'npm' && !wordsBetween(run, innermost).some(({ value }) => value === '--');
  const byHand = `write by hand: turbo ${own.map(({ argument }) => argument.value).join(' ')}${added}`;
  if (isNpmExec) return leave('npm exec keeps options in front of `--` for itself', byHand);
  if (!fits(added, run)) return leave('it stands inside quotes that the scope would break', byHand);
  const end = own.at(-1)?.end ?? run.end;
  const notes = hasRootTask && !isScoped ? ['a filter that is appended no longer narrows it'] : [];
  return { kind: 'edit', edits: [{ start: end, end, text: added }], notes };
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
      rewrite: leave('a run that watches would hold its place in the queue for ever', watchByHand(run)),
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

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + replacement + result.slice(end);
  }
  return result;
}
