import { dirname, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { LintReport } from '../adoption/docs-lint/lint.ts';
import { describeInvalid, loadConfig } from '../config.ts';
import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { ownName } from '../own-name.ts';
import { findRepository } from '../repository.ts';
import { fail, print } from './output.ts';

declare const __VERSION__: string;

const formats = ['people', 'json', 'sarif', 'github'] as const;
type Format = (typeof formats)[number];

interface Options {
  readonly paths: string[] | undefined;
  readonly json: boolean;
  readonly format: Format;
  readonly fix: boolean;
}

/** Parsers and formats are loaded only here: no other command needs them. */
async function show(report: LintReport, format: Format, root: string): Promise<void> {
  switch (format) {
    case 'people':
      print(
        (await import('../adoption/docs-lint/format-people.ts')).formatForPeople(
          report,
          ownName(process.env),
        ),
      );
      return;
    case 'json': {
      const { missing: _, findings, ...counts } = report;
      print(JSON.stringify({ ...counts, findings: findings.map(({ path: __, ...finding }) => finding) }));
      return;
    }
    case 'sarif': {
      const { formatAsSarif } = await import('../adoption/docs-lint/format-sarif.ts');
      print(formatAsSarif(report.findings, root, __VERSION__));
      return;
    }
    case 'github': {
      const { formatForGithub } = await import('../adoption/docs-lint/format-github.ts');
      if (report.findings.length > 0) print(formatForGithub(report.findings, root));
      return;
    }
    default:
      format satisfies never;
  }
}

async function run(options: Options): Promise<void> {
  const cwd = process.cwd();
  const config = loadConfig(cwd);
  if (config.kind === 'invalid') {
    fail(exitStatus.config, describeInvalid(config));
    return;
  }
  const root = findRepository(cwd)?.top ?? cwd;
  const [{ lintFiles }, { defaultArchive }] = await Promise.all([
    import('../adoption/docs-lint/lint.ts'),
    import('../adoption/docs-lint/files.ts'),
  ]);
  const given = config.kind === 'ok' ? config.config.docsLint?.archive : undefined;
  const report = lintFiles({
    cwd,
    paths: options.paths === undefined || options.paths.length === 0 ? ['.'] : options.paths,
    base: config.kind === 'ok' ? dirname(resolve(config.file)) : root,
    archive: given ?? defaultArchive,
    fix: options.fix,
  });
  if (report.missing.length > 0) {
    fail(exitStatus.usage, `no such file or directory: ${report.missing.map(escapeForTerminal).join(', ')}`);
    return;
  }
  await show(report, options.json ? 'json' : options.format, root);
  if (report.findings.length > 0) process.exitCode = 1;
}

/** `test-governor docs-lint`: commands in Markdown that start tests outside the governor. */
export const docsLintCommand: CommandModule<object, Options> = {
  command: 'docs-lint [paths..]',
  describe: 'Find commands in Markdown that start tests outside the governor',
  builder: (parser: Argv<object>) =>
    parser
      .positional('paths', {
        type: 'string',
        array: true,
        describe: 'files and directories; the working directory when left out',
      })
      .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
      .option('format', {
        choices: formats,
        default: 'people' as Format,
        describe: 'for people, as JSON, as SARIF 2.1.0, or as annotations of GitHub Actions',
      })
      .option('fix', { type: 'boolean', default: false, describe: 'write the governed forms into the files' })
      .example('$0 docs-lint', 'every Markdown file that git knows below the working directory')
      .example('$0 docs-lint --fix README.md docs', 'mend what can be mended, and show the rest')
      .epilogue(
        'Exit status: 0 nothing found, 1 findings, 64 bad usage, 78 the config is invalid. What is found, and how to allow it: docs/docs-lint.md',
      ),
  handler: run,
};
