import type { Argv, CommandModule } from 'yargs';
import { exitStatus } from '../exit-status.ts';
import type { Intent } from '../policy/verdict.ts';
import { fail, ownCommand } from './output.ts';

const intents: readonly Intent[] = ['jest', 'vitest', 'turbo', 'changed', 'pytest', 'watch-exclusive'];

/**
 * `test-governor run`, for `--help` and completion: the launcher starts the governed run itself, without this parser, when `run` is
 * the first word.
 */
export const runCommand: CommandModule<object, { readonly intent: string | undefined }> = {
  command: 'run <intent>',
  describe: 'Run tests: one governed run, which takes its turn (test-governor run --help says more)',
  builder: (parser: Argv<object>) =>
    parser.positional('intent', { type: 'string', choices: intents, describe: 'what to run' }),
  handler: () =>
    fail(
      exitStatus.usage,
      `options of test-governor itself have no place before run; type: ${ownCommand('run <intent> -- <arguments>')}`,
    ),
};
