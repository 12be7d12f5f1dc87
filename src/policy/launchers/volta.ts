import { runSubcommandLauncher } from './run-subcommand.ts';

/** `volta run --node 20 command`. */
export const volta = runSubcommandLauncher({
  names: ['volta'],
  subcommands: ['run'],
  takesValue: ['--node', '--npm', '--pnpm', '--yarn', '--env'],
});
