import { runSubcommandLauncher } from './run-subcommand.ts';

/** `op run --env-file=.env -- command`. */
export const secrets = runSubcommandLauncher({
  names: ['op', 'doppler', 'infisical'],
  subcommands: ['run'],
  takesValue: [
    '--env-file',
    '--account',
    '-p',
    '--project',
    '-c',
    '--config',
    '--env',
    '--path',
    '--projectId',
    '--token',
    '-t',
    '--scope',
  ],
});
