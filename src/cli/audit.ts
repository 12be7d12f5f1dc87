import type { Argv, CommandModule } from 'yargs';
import { describeInvalid } from '../config.ts';
import { exitStatus } from '../exit-status.ts';
import { ownName } from '../own-name.ts';
import { fail, print } from './output.ts';

interface Options {
  readonly json: boolean;
}

async function run(options: Options): Promise<void> {
  // The parsers of workspaces are loaded by the commands that read them, and by no other.
  const { auditWorkspace } = await import('../adoption/audit.ts');
  const { auditJson, auditLines } = await import('../adoption/audit-report.ts');
  const result = auditWorkspace(process.cwd());
  switch (result.kind) {
    case 'no-package':
      fail(exitStatus.usage, `no package.json at or above ${result.directory}: run it in a workspace`);
      return;
    case 'invalid-config':
      fail(exitStatus.config, describeInvalid(result.config));
      return;
    case 'audited':
      if (options.json) print(JSON.stringify(auditJson(result.audit), null, 2));
      else print(...auditLines(result.audit, ownName(process.env)));
      if (!result.audit.isClean) process.exitCode = 1;
      return;
    default:
      result satisfies never;
  }
}

/** `test-governor audit`: the package scripts that start a test runner ungoverned. */
export const auditCommand: CommandModule<object, Options> = {
  command: 'audit',
  describe: 'Say which package scripts start a test runner ungoverned; exit 1 when there are any',
  builder: (parser: Argv<object>) =>
    parser
      .option('json', { type: 'boolean', default: false, describe: 'print the findings as JSON' })
      .example('$0 audit', 'each script with its file and line, and what migrate would write')
      .epilogue(
        'Writes nothing. What may stay as it is, with a reason, is declared under "exceptions" in test-governor.config.json. Exit status: 0 clean, 1 findings, 64 no package.json here, 78 the config is invalid. Next: test-governor migrate',
      ),
  handler: run,
};
