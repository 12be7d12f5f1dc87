import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { auditWorkspace } from '../../src/adoption/audit.ts';
import { type AuditJson, auditJson } from '../../src/adoption/audit-report.ts';
import {
  type MigrationPlan,
  planMigration,
  type Written,
  writeMigration,
} from '../../src/adoption/migrate.ts';
import { baseEnvironment, guardedRoot } from '../helpers/shell.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory of its own with these files: path below it to text, or to a value that becomes JSON. Its real path. */
export function makeFiles(files: Readonly<Record<string, unknown>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "adoption's é ")));
  made.push(directory);
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
  return directory;
}

/** How `test-governor` ended. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `test-governor` in a directory, as a program. */
export function governor(directory: string, ...args: readonly string[]): Answer {
  return governorWith(baseEnvironment(), directory, ...args);
}

/** The same with an environment that several calls share, and so one home and one state. */
export function governorWith(
  env: Readonly<Record<string, string>>,
  directory: string,
  ...args: readonly string[]
): Answer {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(guardedRoot, 'bin/test-governor'), ...args],
    { cwd: directory, env: { ...env }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

/** Migrates a workspace as `migrate --write` does, without starting a program. */
export function migrate(directory: string): { readonly plan: MigrationPlan; readonly written: Written } {
  const result = planMigration(directory);
  if (result.kind !== 'planned') throw new Error(`nothing was planned: ${result.kind}`);
  return { plan: result.plan, written: writeMigration(result.plan) };
}

/** Audits a workspace as `audit --json` does, without starting a program. */
export function audit(directory: string): AuditJson {
  const result = auditWorkspace(directory);
  if (result.kind !== 'audited') throw new Error(`nothing was audited: ${result.kind}`);
  return auditJson(result.audit);
}

/** The text of a file below a directory. */
export function read(directory: string, file = 'package.json'): string {
  return readFileSync(join(directory, file), 'utf8');
}
