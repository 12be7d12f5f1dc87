import yargs from 'yargs';
import { exitStatus } from '../exit-status.ts';
import { auditCommand } from './audit.ts';
import { calibrateCommand } from './calibrate.ts';
import { classifyCommand } from './classify.ts';
import { dockerLimitsCommand } from './docker-limits.ts';
import { docsLintCommand } from './docs-lint.ts';
import { doctorCommand } from './doctor.ts';
import { generateCommand } from './generate.ts';
import { initCommand } from './init.ts';
import { migrateCommand } from './migrate.ts';
import { fail } from './output.ts';
import { policyCommand } from './policy.ts';
import { queueCommand } from './queue.ts';
import { statusCommand } from './status.ts';
import { whyCommand } from './why.ts';

declare const __VERSION__: string;

/** Runs the command line interface; the exit status is left in `process.exitCode`. */
async function main(): Promise<void> {
  await yargs(process.argv.slice(2))
    .scriptName('test-governor')
    .usage(
      '$0 <command>\n\nSees every test run on a shared machine, and runs tests one governed run at a time.',
    )
    .command(initCommand)
    .command(classifyCommand)
    .command(generateCommand)
    .command(doctorCommand)
    .command(dockerLimitsCommand)
    .command(queueCommand)
    .command(statusCommand)
    .command(docsLintCommand)
    .command(calibrateCommand)
    .command(auditCommand)
    .command(migrateCommand)
    .command(policyCommand)
    .command(whyCommand)
    .demandCommand(1, 'Say what to do: one of the commands above.')
    .strict()
    .parserConfiguration({ 'populate--': true })
    .version(__VERSION__)
    .help()
    .alias('help', 'h')
    .epilogue(
      'In a shell of your own: source hooks/guarded.sh. For a program and all below it: with-guard <cmd>.',
    )
    .fail((message, error, instance) => {
      if (error) throw error;
      instance.showHelp('error');
      fail(exitStatus.usage, message);
    })
    .exitProcess(false)
    .parseAsync();
}

main().catch((error: unknown) => {
  fail(1, error instanceof Error ? error.message : String(error));
});
