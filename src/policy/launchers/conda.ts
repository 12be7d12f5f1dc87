import { runSubcommandLauncher } from './run-subcommand.ts';

/** `conda run -n env pytest`. */
export const conda = runSubcommandLauncher({
  names: ['conda', 'mamba', 'micromamba'],
  subcommands: ['run'],
  takesValue: ['-n', '--name', '-p', '--prefix', '--cwd'],
});
