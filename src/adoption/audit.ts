import { posix } from 'node:path';
import { findNodeAtLocation } from 'jsonc-parser';
import { type LoadedConfig, loadConfig } from '../config.ts';
import { defaultEnvPrefix } from '../env.ts';
import type { Runner } from '../policy/verdict.ts';
import { packageManagerAt } from '../repository.ts';
import { type DeclaredException, declaredExceptions } from './exceptions.ts';
import type { Archetype } from './scripts/archetype.ts';
import {
  type JudgedScript,
  judgeScript,
  type ScriptContext,
  type UngovernedRun,
} from './scripts/judge-script.ts';
import { readJsonFile } from './workspace/json-file.ts';
import type { Manifest, Script } from './workspace/manifest.ts';
import type { Problem } from './workspace/problem.ts';
import { scriptNameReader, scriptReader } from './workspace/readers.ts';
import { openWorkspace, placeInWorkspace, type Workspace } from './workspace/workspace.ts';

/** What `migrate` will do with a finding. */
export type Migration =
  | { readonly kind: 'rewrite'; readonly text: string; readonly notes: readonly string[] }
  | { readonly kind: 'leave'; readonly reason: string; readonly byHand: string };

/** One ungoverned run that a package script starts. */
export interface Finding {
  /** The package's name, or its directory when it has none. */
  readonly package: string;
  readonly directory: string;
  readonly script: string;
  /** The package.json, from the workspace's root, and the script's place in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The script's whole text. */
  readonly text: string;
  /** The part of it that starts the run. */
  readonly command: string;
  readonly runner: Runner | null;
  readonly archetype: Archetype;
  /** The file that the script runs and that starts the runner; null when the script does so itself. */
  readonly runnerFile: { readonly file: string; readonly line: number; readonly command: string } | null;
  readonly migration: Migration;
}

/** A finding that the config excuses. */
export type ExcusedFinding = Finding & { readonly reason: string };

/** A script of the workspace, judged. */
export interface AuditedScript {
  readonly manifest: Manifest;
  readonly script: Script;
  readonly judged: JudgedScript;
  readonly exception: DeclaredException | null;
}

/** What the audit has to say. */
export interface Audit {
  readonly workspace: Workspace;
  readonly scripts: readonly AuditedScript[];
  readonly findings: readonly Finding[];
  readonly excused: readonly ExcusedFinding[];
  /** Exceptions that match no script that starts a runner ungoverned. */
  readonly unusedExceptions: readonly DeclaredException[];
  readonly problems: readonly Problem[];
  /** There is nothing to do: no finding, no problem, no exception without a use. */
  readonly isClean: boolean;
}

export type AuditResult =
  | { readonly kind: 'audited'; readonly audit: Audit }
  | { readonly kind: 'no-package'; readonly directory: string }
  | { readonly kind: 'invalid-config'; readonly config: Extract<LoadedConfig, { kind: 'invalid' }> };

/** What turbo writes before the name of a task of the root package. */
const rootMark = '//#';

function isRootTask(name: unknown): name is string {
  return typeof name === 'string' && name.startsWith(rootMark);
}

/** The tasks that the root's turbo.json gives to the root package (`//#test`), by their plain names. */
function rootTasksOf(root: string): ReadonlySet<string> {
  for (const name of ['turbo.json', 'turbo.jsonc']) {
    const read = readJsonFile(`${root}/${name}`, name);
    if (read.kind !== 'read') continue;
    const tasks =
      findNodeAtLocation(read.file.tree, ['tasks']) ?? findNodeAtLocation(read.file.tree, ['pipeline']);
    const properties = tasks?.type === 'object' ? (tasks.children ?? []) : [];
    const names = properties.map((property): unknown => property.children?.[0]?.value);
    return new Set(names.filter(isRootTask).map((name) => name.slice(rootMark.length)));
  }
  return new Set();
}

function migrationOf(run: UngovernedRun, rewritten: string): Migration {
  switch (run.rewrite.kind) {
    case 'edit':
      return { kind: 'rewrite', text: rewritten, notes: run.rewrite.notes };
    case 'leave':
      return run.rewrite;
    default:
      return run.rewrite satisfies never;
  }
}

function findingsOf(workspace: Workspace, audited: AuditedScript): readonly Finding[] {
  const { manifest, script, judged } = audited;
  const directory = placeInWorkspace(workspace, manifest);
  return judged.runs.map((run) => ({
    package: manifest.name ?? directory,
    directory,
    script: script.name,
    file: manifest.shown,
    line: script.line,
    column: script.column,
    text: script.text,
    command: run.command,
    runner: run.runner,
    archetype: run.archetype,
    runnerFile:
      run.runnerFile === null
        ? null
        : { file: run.runnerFile.file, line: run.runnerFile.line, command: run.runnerFile.command },
    migration: migrationOf(run, judged.rewritten),
  }));
}

/** A directory as somebody writes it: `./web` and `web/` are `web`. A package's name stays as it is. */
function plainPlace(text: string): string {
  return posix.normalize(text).replace(/(?<=.)\/$/, '');
}

function judgeAll(
  workspace: Workspace,
  envPrefix: string,
  exceptions: readonly DeclaredException[],
): readonly AuditedScript[] {
  const { root } = workspace;
  const packageManager = packageManagerAt(root);
  const repository = { packageManager, governedScriptAt: null };
  const names = scriptNameReader(workspace);
  const texts = scriptReader(workspace);
  const rootTasks = rootTasksOf(root);
  return workspace.manifests.flatMap((manifest) => {
    const common = { cwd: manifest.directory, repository, envPrefix };
    const context: ScriptContext = {
      packageManager,
      isRootPackage: manifest.directory === root,
      envPrefix,
      rootTasks,
      policy: { ...common, packages: names },
      followed: { ...common, packages: texts },
    };
    const places = [manifest.name, placeInWorkspace(workspace, manifest)];
    return manifest.scripts.map((script) => ({
      manifest,
      script,
      judged: judgeScript(script.name, script.text, context),
      exception:
        exceptions.find((each) => each.script === script.name && places.includes(plainPlace(each.package))) ??
        null,
    }));
  });
}

/** Looks at every script of the workspace around `directory`. Reads files, writes none. */
export function auditWorkspace(directory: string): AuditResult {
  const workspace = openWorkspace(directory);
  if (workspace === null) return { kind: 'no-package', directory };
  const config = loadConfig(workspace.root);
  if (config.kind === 'invalid') return { kind: 'invalid-config', config };
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const exceptions = declaredExceptions(config, workspace.root);
  const scripts = judgeAll(workspace, envPrefix, exceptions);
  const findings: Finding[] = [];
  const excused: ExcusedFinding[] = [];
  for (const audited of scripts) {
    const { exception } = audited;
    const found = findingsOf(workspace, audited);
    if (exception === null) findings.push(...found);
    else excused.push(...found.map((finding) => ({ ...finding, reason: exception.reason })));
  }
  const used = new Set(
    scripts.flatMap(({ exception, judged }) =>
      judged.runs.length > 0 && exception !== null ? [exception] : [],
    ),
  );
  const unusedExceptions = exceptions.filter((exception) => !used.has(exception));
  const { problems } = workspace;
  const isClean = findings.length + unusedExceptions.length + problems.length === 0;
  return {
    kind: 'audited',
    audit: { workspace, scripts, findings, excused, unusedExceptions, problems, isClean },
  };
}
