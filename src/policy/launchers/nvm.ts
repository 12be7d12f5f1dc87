import { runSubcommandLauncher } from './run-subcommand.ts';

/** `nvm exec 20 command`: the shell function of that name. */
export const nvm = runSubcommandLauncher({ names: ['nvm'], subcommands: ['exec'], operands: 1 });
