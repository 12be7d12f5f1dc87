import { type Argument, isLiteral, literal } from '../argument.ts';
import { has, mixedOptions } from '../options.ts';
import { type Launcher, type Start, scripts, shellText } from './launcher.ts';

const takesValue = new Set([
  '-m',
  '--max-processes',
  '-n',
  '--names',
  '--name-separator',
  '-s',
  '--success',
  '-p',
  '--prefix',
  '-c',
  '--prefix-colors',
  '-l',
  '--prefix-length',
  '-t',
  '--timestamp-format',
  '--hide',
  '--restart-tries',
  '--restart-after',
  '--default-input-target',
  '--teardown',
  '--kill-signal',
  '--ks',
  '--kill-timeout',
  '--cwd',
]);

/** One word of concurrently: `npm:test:*` names scripts, anything else is shell text. */
function commandStarts(command: Argument): readonly Start[] {
  const shortcut = /^(?:npm|pnpm|yarn|bun|node):(\S+)\s*(.*)$/s.exec(command.value);
  const [, name, rest = ''] = shortcut ?? [];
  if (name === undefined || !isLiteral(command)) return shellText(command);
  return scripts(
    name,
    rest
      .split(/\s+/)
      .filter((word) => word !== '' && word !== '--')
      .map(literal),
  );
}

/** `concurrently "npm:test" "npx jest"`. Behind a `--` stand commands as well, but with `-P` what placeholders in them stand for. */
export const concurrently: Launcher = {
  names: ['concurrently', 'conc'],
  starts(args) {
    const { options, operands, tail } = mixedOptions(args, takesValue);
    const isPassedThrough = has(options, '-P', '--passthrough-arguments');
    return [...operands, ...(isPassedThrough ? [] : (tail ?? []))].flatMap(commandStarts);
  },
};
