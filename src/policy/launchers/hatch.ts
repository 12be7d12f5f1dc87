import { runSubcommandLauncher } from './run-subcommand.ts';

/** `hatch run pytest`. */
export const hatch = runSubcommandLauncher({
  names: ['hatch'],
  subcommands: ['run'],
  takesValue: ['-e', '--env', '-p', '--project', '--data-dir', '--cache-dir', '--config'],
});
