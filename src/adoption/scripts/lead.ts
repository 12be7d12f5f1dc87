import type { Argument } from '../../policy/argument.ts';
import type { Runner } from '../../policy/verdict.ts';
import { keepsCommand, otherUsers, packageRunners } from './launcher-kinds.ts';
import type { Launch, LocatedRun } from './locate.ts';
import { type Left, leave } from './outcome.ts';

/** The launchers at the inner end that the governed run takes the place of, and what they must hand on. */
export interface Lead {
  /** The index of the first word that goes. */
  readonly at: number;
  /** How many launchers stay in front. */
  readonly kept: number;
  readonly assignments: readonly string[];
}

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

/** The words between a launcher's own and what it starts. */
export function wordsBetween(run: LocatedRun, launch: Launch): readonly Argument[] {
  return run.command.words.slice(launch.at + 1, launch.next).map(({ argument }) => argument);
}

/** Node's own flags as an addition to NODE_OPTIONS; null when one of them cannot be handed on that way. */
function nodeAssignments(run: LocatedRun, launch: Launch): readonly string[] | null {
  const flags = wordsBetween(run, launch)
    .filter(({ value }) => value.startsWith('-'))
    .map(({ value }) => value.replace(/=.*$/s, ''));
  const [assignment] = launch.start.assignments;
  if (assignment === undefined) return flags.length === 0 ? [] : null;
  const handedOn = assignment.value.value
    .split(' ')
    .filter((word) => word.startsWith('-'))
    .map((flag) => flag.replace(/=.*$/s, ''));
  if (flags.join(' ') !== handedOn.join(' ')) return null;
  // With the colon, because the shell of Yarn's later lines knows no other form.
  return [`NODE_OPTIONS="\${NODE_OPTIONS:-} ${assignment.value.value}"`];
}

/** Python puts the working directory on its path for `-m`, and pytest's own program does not. */
const moduleAssignment = `PYTHONPATH=".\${PYTHONPATH:+:$PYTHONPATH}"`;

/** What stands in for one launcher: it goes (with what it must hand on), it stays, or nothing can be done. */
type Treatment =
  | { readonly kind: 'goes'; readonly assignments: readonly string[] }
  | { readonly kind: 'stays' }
  | Left;

function treatPackageRunner(run: LocatedRun, launch: Launch): Treatment {
  const { name, start } = launch;
  const between = wordsBetween(run, launch).map(({ value }) => value);
  const isFetching = name === 'pnpx' || name === 'pnx' || between.includes('dlx');
  if (isFetching) {
    return leave(
      `it downloads ${anotherRunner(run.runner)}`,
      `add ${run.runner} to the devDependencies and start it by its name`,
    );
  }
  const goesToRoot = start.place?.kind === 'workspace-root' && name.startsWith('yarn');
  if (start.place !== null && !goesToRoot) return { kind: 'stays' };
  if (between.every((word) => idleWords.has(word))) return { kind: 'goes', assignments: [] };
  return leave(
    `${name} is given options here (${between.filter((word) => !idleWords.has(word)).join(' ')}) that a governed run does not know`,
    'start the workspace’s own runner without them, or declare an exception',
  );
}

function treat(run: LocatedRun, launch: Launch): Treatment {
  const { name, start } = launch;
  const isLast = launch === run.launches.at(-1);
  if (otherUsers.has(name)) {
    return leave(
      `${name} runs it as another user, whose queue is another`,
      'let the governed run change the user inside the tests, or declare an exception',
    );
  }
  if (packageRunners.has(name)) return isLast ? treatPackageRunner(run, launch) : { kind: 'stays' };
  if (name === 'node' || name === 'nodejs') {
    if (wordsBetween(run, launch).some(({ value }) => value === 'inspect' || value === 'debug')) {
      return leave(
        'it starts node’s debugger, which a governed run does not',
        'declare an exception in test-governor.config.json',
      );
    }
    const assignments = nodeAssignments(run, launch);
    if (assignments !== null) return { kind: 'goes', assignments };
    return leave(
      'one of node’s own options here cannot be handed on in NODE_OPTIONS',
      'drop the option, or declare an exception in test-governor.config.json',
    );
  }
  if (/^(?:python|pypy)/.test(name)) {
    const options = wordsBetween(run, launch).map(({ value }) => value);
    if (start.via === 'python-module' && options.join(' ') === '-m' && /^python3?$/.test(name)) {
      return { kind: 'goes', assignments: [moduleAssignment] };
    }
    return leave(
      'Python is given options here that a governed run does not hand on',
      'drop them, or declare an exception',
    );
  }
  if (!keepsCommand.has(name) || start.isPackage) {
    return leave(
      `${name} starts it in a way of its own`,
      `put \`test-governor run ${run.runner} --\` in the runner’s place by hand where ${name} allows it, or declare an exception`,
    );
  }
  return { kind: 'stays' };
}

/** The launchers that the governed run takes the place of, or why one of them keeps it from that. */
export function findLead(run: LocatedRun): Lead | Left {
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
export function strangerReason(run: LocatedRun): Left | null {
  const word = run.command.words[run.at]?.argument;
  if (word === undefined) return null;
  const byHand = `start the workspace’s own: test-governor run ${run.runner} --`;
  const { value } = word;
  if (run.isPath) {
    const isOwn = run.runner === 'pytest' ? ownPythonPath.test(value) : ownPath.test(word.source ?? value);
    return isOwn ? null : leave(`the path ${value} may be ${anotherRunner(run.runner)}`, byHand);
  }
  if (value.lastIndexOf('@') > 0) {
    return leave(`${value} asks for ${anotherRunner(run.runner)}`, byHand);
  }
  if (value === 'pytest-3') {
    return leave('pytest-3 is the system’s own', byHand);
  }
  return null;
}
