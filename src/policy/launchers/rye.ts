import { runSubcommandLauncher } from './run-subcommand.ts';

/** `rye run pytest`. */
export const rye = runSubcommandLauncher({
  names: ['rye'],
  subcommands: ['run'],
  takesValue: ['--pyproject'],
});
