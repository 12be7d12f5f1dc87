import { runSubcommandLauncher } from './run-subcommand.ts';

/** `direnv exec dir command`. */
export const direnv = runSubcommandLauncher({ names: ['direnv'], subcommands: ['exec'], operands: 1 });
