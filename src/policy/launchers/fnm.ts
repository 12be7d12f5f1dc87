import { runSubcommandLauncher } from './run-subcommand.ts';

/** `fnm exec --using=20 command`. */
export const fnm = runSubcommandLauncher({
  names: ['fnm'],
  subcommands: ['exec'],
  takesValue: [
    '--using',
    '--using-file',
    '--node-dist-mirror',
    '--fnm-dir',
    '--log-level',
    '--arch',
    '--version-file-strategy',
  ],
});
