import { runSubcommandLauncher } from './run-subcommand.ts';

/** `poetry [-C dir] run pytest`. */
export const poetry = runSubcommandLauncher({
  names: ['poetry'],
  subcommands: ['run'],
  takesValue: ['-C', '--directory', '-P', '--project'],
});
