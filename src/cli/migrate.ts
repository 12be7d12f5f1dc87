import type { Argv, CommandModule } from 'yargs';
import type { MigrationPlan, Written } from '../adoption/migrate.ts';
import { describeInvalid } from '../config.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { missingProgram } from '../own-program.ts';
import { diffPainter } from './diff.ts';
import { fail, ownCommand, print } from './output.ts';

interface Options {
  readonly write: boolean;
}

async function handLines(plan: MigrationPlan, written: Written | null): Promise<readonly string[]> {
  const { leftLines, problemLines } = await import('../adoption/audit-report.ts');
  const problems = [...plan.problems, ...(written?.problems ?? [])];
  return [
    ...(plan.left.length === 0 ? [] : ['Left for your hands:', ...plan.left.flatMap(leftLines), '']),
    ...(problems.length === 0 ? [] : ['Left as they are:', ...problems.flatMap(problemLines), '']),
    ...plan.notes.map(
      ({ file, line, script, note }) =>
        `Note on ${escapeForTerminal(file)}:${line} (${escapeForTerminal(script)}): ${escapeForTerminal(note)}.`,
    ),
    ...(plan.missing === null ? [] : [`Note: ${escapeForTerminal(plan.missing)}.`]),
  ];
}

function closingLine(plan: MigrationPlan, written: Written | null): string {
  if (plan.changes.length === 0) return `Nothing to rewrite. What the audit says: ${ownCommand('audit')}`;
  if (written === null) return `Nothing was written. To write it: ${ownCommand('migrate --write')}`;
  const files = written.files.length === 1 ? '1 file' : `${written.files.length} files`;
  return `Rewrote ${files}. What is left, if anything: ${ownCommand('audit')}`;
}

async function run(options: Options): Promise<void> {
  // The parsers of workspaces are loaded by the commands that read them, and by no other.
  const { planMigration, writeMigration } = await import('../adoption/migrate.ts');
  const { unifiedDiff } = await import('../adoption/unified-diff.ts');
  const result = planMigration(process.cwd());
  switch (result.kind) {
    case 'no-package':
      fail(exitStatus.usage, `no package.json at or above ${result.directory}: run it in a workspace`);
      return;
    case 'invalid-config':
      fail(exitStatus.config, describeInvalid(result.config));
      return;
    case 'planned': {
      const { plan } = result;
      const paint = diffPainter();
      // The diff alone goes to standard output, so that `test-governor migrate | git apply` works.
      const diff = plan.changes.flatMap(({ file, before, after }) => unifiedDiff(file, before, after, paint));
      if (diff.length > 0) print(...diff);
      const written = options.write ? writeMigration(plan) : null;
      const missing = plan.changes.length === 0 ? null : missingProgram(process.cwd(), process.env);
      const lines = [
        ...(await handLines(plan, written)),
        ...(missing === null ? [] : [`Note: ${missing.detail}: ${missing.mend}.`]),
        closingLine(plan, written),
      ];
      process.stderr.write(`${lines.join('\n')}\n`);
      if (plan.left.length + plan.problems.length + (written?.problems.length ?? 0) > 0) process.exitCode = 1;
      return;
    }
    default:
      result satisfies never;
  }
}

/** `test-governor migrate`: rewrites the scripts that the audit finds, as a diff or in place. */
export const migrateCommand: CommandModule<object, Options> = {
  command: 'migrate',
  describe: 'Show the rewrite that makes package scripts governed, as a diff',
  builder: (parser: Argv<object>) =>
    parser
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'write it to the package.json files',
      })
      .example('$0 migrate', 'the diff alone goes to standard output: git apply takes it')
      .epilogue(
        'Running it twice changes nothing; what it cannot rewrite is left and named. Exit status: 0 done, 1 something is left for your hands, 64 no package.json here, 78 the config is invalid. Next: test-governor audit',
      ),
  handler: run,
};
