import { runSubcommandLauncher } from './run-subcommand.ts';

/** `pipx run pytest`. */
export const pipx = runSubcommandLauncher({
  names: ['pipx'],
  subcommands: ['run'],
  takesValue: ['--spec', '--python', '--pip-args', '--index-url'],
  stays: 'no',
});
