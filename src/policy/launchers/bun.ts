import { type Argument, isLiteral } from '../argument.ts';
import { allValues, has, lastValue, leadingOptions, type Option } from '../options.ts';
import { argv, type Launcher, type Place, type Start, script, shellText, startsAt } from './launcher.ts';

const takesValue = new Set([
  '-F',
  '-r',
  '-c',
  '-p',
  '-e',
  '-l',
  '-d',
  ...(
    'cwd filter preload require import env-file config shell package eval print loader define conditions ' +
    'tsconfig-override port elide-lines inspect-port cpu-prof-name cpu-prof-dir title main-fields extension-order drop ' +
    'feature install console-depth user-agent dns-result-order max-http-header-size unhandled-rejections ' +
    'fetch-preconnect redirect-warnings disable-warning watch-kill-signal minimum-release-age registry ca cafile'
  )
    .split(' ')
    .map((name) => `--${name}`),
]);

/** bun's own commands that run no script and no program of a package; `bun test` is a runner of its own, which the policy does not know. */
const inert = new Set(
  (
    'a add audit build c check create dedupe fmt help i info init install link outdated patch patch-commit pm prune publish ' +
    'remove repl rm test unlink update upgrade why'
  ).split(' '),
);

function placeOf(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-F', '--filter');
  if (selectors.length > 0) return { kind: 'members', selectors, takesDirectories: false };
  if (has(options, '--workspaces')) return { kind: 'all-members', withRoot: false };
  const path = lastValue(options, '--cwd');
  return path === undefined ? null : { kind: 'path', path, isPackage: false };
}

function named(word: Argument, args: readonly Argument[]): readonly Start[] {
  if (!isLiteral(word)) return [];
  const [otherwise = null] = argv([word, ...args], { via: 'bunx', isPackage: true });
  return script(word.value, args[0]?.value === '--' ? args.slice(1) : args, { otherwise });
}

function program(args: readonly Argument[]): readonly Start[] {
  const { options, operands } = leadingOptions(args, takesValue);
  return startsAt(argv(operands, { via: 'bunx', isPackage: true }), placeOf(options));
}

function commandStarts(word: Argument, rest: readonly Argument[]): readonly Start[] {
  switch (word.value) {
    case 'run': {
      const { options, operands } = leadingOptions(rest, takesValue);
      const [name, ...args] = operands;
      if (name === undefined) return [];
      // Several scripts, none of which takes arguments.
      const isSeveral = has(options, '--parallel', '--sequential');
      const starts = isSeveral ? operands.flatMap((each) => named(each, [])) : named(name, args);
      return startsAt(starts, placeOf(options));
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
    const place = placeOf(options);
    // With a filter even `test` is a script.
    const isScript = place !== null && place.kind !== 'path';
    return startsAt(isScript && word.value === 'test' ? named(word, rest) : commandStarts(word, rest), place);
  },
};

/** `bunx [--bun] [-p pkg] jest`. */
export const bunx: Launcher = {
  names: ['bunx'],
  starts: program,
};
