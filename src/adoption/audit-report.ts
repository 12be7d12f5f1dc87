import { escapeForTerminal } from '../escape.ts';
import type { Audit, ExcusedFinding, Finding } from './audit.ts';
import { type Archetype, archetypeTitles } from './scripts/archetype.ts';
import type { Problem } from './workspace/problem.ts';

/** The audit as `audit --json` prints it; docs/migration.md describes it. */
export interface AuditJson {
  readonly clean: boolean;
  readonly root: string;
  readonly layout: string;
  readonly packages: number;
  readonly scripts: number;
  readonly findings: readonly Finding[];
  readonly excused: readonly ExcusedFinding[];
  readonly unusedExceptions: readonly {
    readonly package: string;
    readonly script: string;
    readonly reason: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly problems: readonly Problem[];
}

/** The audit for programs. */
export function auditJson(audit: Audit): AuditJson {
  const { workspace, scripts, findings, excused, unusedExceptions, problems, isClean } = audit;
  return {
    clean: isClean,
    root: workspace.root,
    layout: workspace.layout,
    packages: workspace.manifests.length,
    scripts: scripts.length,
    findings,
    excused,
    unusedExceptions,
    problems,
  };
}

/** `2 scripts`, `1 script`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const safe = escapeForTerminal;

/** The lines for one problem: where, and what. */
export function problemLines(problem: Problem): readonly string[] {
  return [`  ${safe(problem.file)}:${problem.line}:${problem.column}`, `    ${safe(problem.problem)}`];
}

/** Where a finding stands, and what stands there. */
function placeLines(finding: Finding): readonly string[] {
  return [
    `  ${safe(finding.file)}:${finding.line}  ${safe(finding.package)} › ${safe(finding.script)}`,
    `    ${safe(finding.text)}`,
  ];
}

/** The lines for a run that is left: why, and what to do. */
export function leftLines(finding: Finding): readonly string[] {
  const { migration } = finding;
  if (migration.kind !== 'leave') return placeLines(finding);
  return [
    ...placeLines(finding),
    `    left alone: ${safe(migration.reason)}`,
    `    by hand: ${safe(migration.byHand)}`,
  ];
}

function findingLines(finding: Finding): readonly string[] {
  const { migration } = finding;
  if (migration.kind === 'leave') return leftLines(finding);
  return [
    ...placeLines(finding),
    `    migrate writes: ${safe(migration.text)}`,
    ...migration.notes.map((note) => `    note: ${safe(note)}`),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines, ''];
}

/** Each text once: a script with two runs of one archetype is shown once. */
function shownOnce(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map((finding) => findingLines(finding).join('\n')))];
}

const archetypes = Object.keys(archetypeTitles).filter((name): name is Archetype => name in archetypeTitles);

function closingLines(audit: Audit, ownName: string): readonly string[] {
  const { findings, problems, unusedExceptions, workspace, scripts, isClean } = audit;
  const looked = `${counted(scripts.length, 'script')} in ${counted(workspace.manifests.length, 'package')}`;
  if (isClean) return [`Clean: of ${looked} none starts a test runner ungoverned.`];
  const writable = findings.filter(({ migration }) => migration.kind === 'rewrite').length;
  const lines = [
    ...(findings.length === 0
      ? [`Of ${looked} none starts a test runner ungoverned.`]
      : [`${counted(findings.length, 'ungoverned run')} in ${looked}.`]),
    ...(problems.length === 0 ? [] : [`${counted(problems.length, 'place')} could not be judged.`]),
    ...(unusedExceptions.length === 0
      ? []
      : [`${counted(unusedExceptions.length, 'exception')} without a use.`]),
  ];
  if (writable > 0)
    lines.push(`See what would be rewritten: ${ownName} migrate. Do it: ${ownName} migrate --write`);
  return lines;
}

/**
 * The audit for people.
 * @param ownName how this program is typed here.
 */
export function auditLines(audit: Audit, ownName: string): readonly string[] {
  const { findings, excused, unusedExceptions, problems } = audit;
  return [
    ...archetypes.flatMap((archetype) =>
      section(
        archetypeTitles[archetype],
        shownOnce(findings.filter((finding) => finding.archetype === archetype)),
      ),
    ),
    ...section('Could not be judged', problems.flatMap(problemLines)),
    ...section(
      'Excused by the config',
      excused.flatMap((finding) => [...placeLines(finding), `    reason: ${safe(finding.reason)}`]),
    ),
    ...section(
      'Exceptions that match no ungoverned script: remove them',
      unusedExceptions.map(
        (each) => `  ${safe(each.file)}:${each.line}  ${safe(each.package)} › ${safe(each.script)}`,
      ),
    ),
    ...closingLines(audit, ownName),
  ];
}
