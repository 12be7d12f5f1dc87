import { type Audit, type AuditResult, auditWorkspace, type Finding } from './audit.ts';
import type { Edit } from './edit.ts';
import { editedText, editsInString, scriptsAdded, wholeText } from './json-edit.ts';
import { replaceFile } from './replace-file.ts';
import { missingRootScripts } from './root-scripts.ts';
import type { Manifest } from './workspace/manifest.ts';
import type { Problem } from './workspace/problem.ts';
import { rootManifest } from './workspace/workspace.ts';

/** One package.json that the migration changes. */
export interface FileChange {
  /** From the workspace's root, and absolute. */
  readonly file: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A finding that the migration cannot mend. */
export type LeftFinding = Finding & { readonly migration: { readonly kind: 'leave' } };

/** What a migration would do. */
export interface MigrationPlan {
  /** The workspace's root, absolute. */
  readonly root: string;
  readonly changes: readonly FileChange[];
  readonly left: readonly LeftFinding[];
  /** What a rewrite changes all the same, by file, line and script. */
  readonly notes: readonly (Pick<Finding, 'file' | 'line' | 'script'> & { readonly note: string })[];
  /** Files that cannot be read or understood: they stay as they are. */
  readonly problems: readonly Problem[];
  /** What the root lacks and nobody but its owner can add; null when nothing. */
  readonly missing: string | null;
}

export type MigrationResult =
  | { readonly kind: 'planned'; readonly plan: MigrationPlan }
  | Exclude<AuditResult, { readonly kind: 'audited' }>;

function isLeft(finding: Finding): finding is LeftFinding {
  return finding.migration.kind === 'leave';
}

/** The edits of each package.json, by its manifest. */
function editsOf(audit: Audit): ReadonlyMap<Manifest, readonly Edit[]> {
  const edits = new Map<Manifest, Edit[]>();
  const add = (manifest: Manifest, more: readonly Edit[]) => {
    if (more.length > 0) edits.set(manifest, [...(edits.get(manifest) ?? []), ...more]);
  };
  for (const { manifest, script, judged, exception } of audit.scripts) {
    if (exception !== null) continue;
    const inScript = judged.runs.flatMap(({ rewrite }) => (rewrite.kind === 'edit' ? rewrite.edits : []));
    add(manifest, editsInString(manifest.file.text, script, inScript));
  }
  return edits;
}

function planOf(audit: Audit): MigrationPlan {
  const { workspace } = audit;
  const edits = new Map(editsOf(audit));
  const { added, missing } = missingRootScripts(workspace, audit.scripts);
  const root = rootManifest(workspace);
  const insertion = root === null ? null : scriptsAdded(root.file, added);
  if (root !== null && insertion !== null) edits.set(root, [...(edits.get(root) ?? []), insertion]);
  return {
    root: workspace.root,
    changes: workspace.manifests.flatMap((manifest) => {
      const own = edits.get(manifest);
      if (own === undefined) return [];
      const { path, shown, file } = manifest;
      return [{ file: shown, path, before: wholeText(file), after: editedText(file, own) }];
    }),
    left: audit.findings.filter(isLeft),
    notes: audit.findings.flatMap(({ file, line, script, migration }) =>
      migration.kind === 'rewrite' ? migration.notes.map((note) => ({ file, line, script, note })) : [],
    ),
    problems: audit.problems,
    missing,
  };
}

/** What migrating the workspace around `directory` would change. Writes nothing. */
export function planMigration(directory: string): MigrationResult {
  const result = auditWorkspace(directory);
  return result.kind === 'audited' ? { kind: 'planned', plan: planOf(result.audit) } : result;
}

/** What came of writing a plan. */
export interface Written {
  /** The files that were changed, from the root. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

function problemOf({ file, path, before, after }: FileChange): Problem | null {
  const problem = (kind: Problem['kind'], sentence: string): Problem => ({
    file,
    line: 1,
    column: 1,
    kind,
    problem: sentence,
  });
  const replaced = replaceFile(path, before, after);
  switch (replaced.kind) {
    case 'replaced':
      return null;
    case 'read-only':
      return problem('read-only', 'it may not be written to: chmod u+w it, and run the command again');
    case 'changed-meanwhile':
      return problem('changed-meanwhile', 'somebody changed it meanwhile: run the command again');
    case 'failed':
      return problem('write-failed', `it cannot be replaced (${replaced.reason})`);
    default:
      return replaced satisfies never;
  }
}

/** Writes a plan, each file whole or not at all. One that cannot be written does not keep the others from it. */
export function writeMigration(plan: MigrationPlan): Written {
  const files: string[] = [];
  const problems: Problem[] = [];
  for (const change of plan.changes) {
    const problem = problemOf(change);
    if (problem === null) files.push(change.file);
    else problems.push(problem);
  }
  return { files, problems };
}
