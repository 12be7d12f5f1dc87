import { runSubcommandLauncher } from './run-subcommand.ts';

/** `asdf exec command`. */
export const asdf = runSubcommandLauncher({ names: ['asdf'], subcommands: ['exec'] });
