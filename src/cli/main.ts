import yargs from 'yargs';
import { exitStatus } from '../exit-status.ts';
import { endWhenUnwritable } from '../runner/standard-streams.ts';
import { auditCommand } from './audit.ts';
import { calibrateCommand } from './calibrate.ts';
import { classifyCommand } from './classify.ts';
import { completionCommand } from './completion.ts';
import { dockerLimitsCommand } from './docker-limits.ts';
import { docsLintCommand } from './docs-lint.ts';
import { doctorCommand } from './doctor.ts';
import { generateCommand } from './generate.ts';
import { initCommand } from './init.ts';
import { migrateCommand } from './migrate.ts';
import { fail } from './output.ts';
import { policyCommand } from './policy.ts';
import { queueCommand } from './queue.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';
import { whyCommand } from './why.ts';

declare const __VERSION__: string;

/** Runs the command line interface; the exit status is left in `process.exitCode`. */
async function main(): Promise<void> {
  const parser = yargs(process.argv.slice(2));
  await parser
    .scriptName('test-governor')
    .usage(
      '$0 <command>\n\nSees every test run on a shared machine, and lets tests run as the machine has room for them.',
    )
    // In the order in which a team meets them.
    .command(initCommand)
    .command(doctorCommand)
    .command(auditCommand)
    .command(migrateCommand)
    .command(docsLintCommand)
    .command(policyCommand)
    .command(runCommand)
    .command(statusCommand)
    .command(queueCommand)
    .command(calibrateCommand)
    .command(whyCommand)
    .command(classifyCommand)
    .command(dockerLimitsCommand)
    .command(generateCommand)
    .command(completionCommand)
    .demandCommand(1, 'Say what to do: one of the commands above.')
    .strict()
    // No option here is negated (`--no-timeout`) or has parts (`--label.x`): yargs would hand over what is no text.
    .parserConfiguration({ 'populate--': true, 'boolean-negation': false, 'dot-notation': false })
    .version(__VERSION__)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(110, parser.terminalWidth()))
    .epilogue(
      `A repository:       test-governor init, then audit, migrate --write, policy enforce (docs/getting-started.md)
One agent or shell: with-guard <command>
What a line does:   test-governor why 'npm test'
Each command:       test-governor <command> --help`,
    )
    .fail((message, error, instance) => {
      // What yargs refuses by itself (an option without its value) is bad usage too.
      if (error && error.name !== 'YError') throw error;
      instance.showHelp('error');
      fail(exitStatus.usage, message.trim().replace(/\s*\n\s*/g, ' '));
    })
    .exitProcess(false)
    .parseAsync();
}

endWhenUnwritable('test-governor', process.stdout, process.stderr);
main().catch((error: unknown) => {
  fail(1, error instanceof Error ? error.message : String(error));
});
