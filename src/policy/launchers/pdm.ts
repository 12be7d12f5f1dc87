import { runSubcommandLauncher } from './run-subcommand.ts';

/** `pdm run pytest`. */
export const pdm = runSubcommandLauncher({
  names: ['pdm'],
  subcommands: ['run'],
  takesValue: ['-p', '--project', '-s', '--site-packages', '--venv'],
});
