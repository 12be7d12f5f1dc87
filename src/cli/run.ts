import type { Argv, CommandModule } from 'yargs';
import { exitStatus } from '../exit-status.ts';
import { intentNames } from '../policy/intents.ts';
import { fail, ownCommand } from './output.ts';

/**
 * `test-governor run`, for `--help` and completion: the launcher starts the governed run itself, without this parser, when `run` is
 * the first word.
 */
export const runCommand: CommandModule<object, { readonly intent: string | undefined }> = {
  command: 'run <intent>',
  describe: 'Run tests: one governed run, which takes its turn (test-governor run --help says more)',
  builder: (parser: Argv<object>) =>
    parser.positional('intent', { type: 'string', choices: intentNames, describe: 'what to run' }),
  handler: () =>
    fail(
      exitStatus.usage,
      `options of test-governor itself have no place before run; type: ${ownCommand('run <intent> -- <arguments>')}`,
    ),
};
