import { type Argument, isLiteral } from '../argument.ts';
import { allValues, has, lastValue, leadingOptions, type Option } from '../options.ts';
import { argv, type Launcher, type Place, type Start, script, shellText, startsAt } from './launcher.ts';

const takesValue = new Set([
  '--cwd',
  '-F',
  '--filter',
  '-r',
  '--preload',
  '--require',
  '--import',
  '--env-file',
  '-c',
  '--config',
  '--shell',
  '-p',
  '--package',
  '-e',
  '--eval',
  '--print',
  '-l',
  '--loader',
  '-d',
  '--define',
  '--conditions',
  '--tsconfig-override',
  '--port',
  '--elide-lines',
]);

/** bun's own commands that run no script and no program of a package; `bun test` is a runner of its own, which the policy does not know. */
const inert = new Set(
  (
    'a add audit build c create i info init install link outdated patch patch-commit pm publish remove repl rm test unlink ' +
    'update upgrade why help'
  ).split(' '),
);

function placeOf(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-F', '--filter');
  if (selectors.length > 0) return { kind: 'members', selectors };
  if (has(options, '--workspaces')) return { kind: 'all-members' };
  const path = lastValue(options, '--cwd');
  return path === undefined ? null : { kind: 'path', path };
}

function named(word: Argument, args: readonly Argument[]): readonly Start[] {
  if (!isLiteral(word)) return [];
  const [otherwise = null] = argv([word, ...args], { via: 'bunx', isPackage: true });
  return script(word.value, args[0]?.value === '--' ? args.slice(1) : args, { otherwise });
}

function program(args: readonly Argument[]): readonly Start[] {
  return argv(leadingOptions(args, takesValue).operands, { via: 'bunx', isPackage: true });
}

function commandStarts(word: Argument, rest: readonly Argument[]): readonly Start[] {
  switch (word.value) {
    case 'run': {
      const { options, operands } = leadingOptions(rest, takesValue);
      const name = operands[0];
      return name === undefined ? [] : startsAt(named(name, operands.slice(1)), placeOf(options));
    }
    case 'x':
      return program(rest);
    case 'exec':
      return shellText(rest[0]);
    default:
      return inert.has(word.value) ? [] : named(word, rest);
  }
}

/** `bun run x`, `bun x jest`, `bun jest`, `bun [--cwd d] [--filter p] …`. */
export const bun: Launcher = {
  names: ['bun'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const [word, ...rest] = operands;
    if (!isLiteral(word) || has(options, '-h', '--help', '-v', '--version', '-e', '--eval', '--print'))
      return [];
    return startsAt(commandStarts(word, rest), placeOf(options));
  },
};

/** `bunx [--bun] [-p pkg] jest`. */
export const bunx: Launcher = {
  names: ['bunx'],
  starts: program,
};
