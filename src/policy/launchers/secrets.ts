import { lastValue, leadingOptions } from '../options.ts';
import { type Launcher, shellText } from './launcher.ts';
import { runSubcommandLauncher } from './run-subcommand.ts';

const takesValue = [
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
  '--command',
];

const behindRun = runSubcommandLauncher({
  names: ['op', 'doppler', 'infisical'],
  subcommands: ['run'],
  takesValue,
});

/** `op run --env-file=.env -- command`; doppler and infisical take shell text too: `doppler run --command "jest --ci"`. */
export const secrets: Launcher = {
  names: behindRun.names,
  starts(args, name) {
    const [word, ...rest] = leadingOptions(args, new Set(takesValue)).operands;
    const { options } = leadingOptions(rest, new Set(takesValue));
    const text = word?.value === 'run' ? lastValue(options, '--command') : undefined;
    return text === undefined ? behindRun.starts(args, name) : shellText(text);
  },
};
