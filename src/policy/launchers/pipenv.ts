import { runSubcommandLauncher } from './run-subcommand.ts';

/** `pipenv run pytest`. */
export const pipenv = runSubcommandLauncher({
  names: ['pipenv'],
  subcommands: ['run'],
  takesValue: ['--python', '--pypi-mirror'],
});
