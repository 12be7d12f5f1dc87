import { type Argument, isLiteral } from '../argument.ts';
import { allValues, has, lastValue, leadingOptions, type Option } from '../options.ts';
import {
  argv,
  joined,
  type Launcher,
  type Place,
  type Start,
  script,
  shellText,
  startsAt,
} from './launcher.ts';

const takesValue = new Set([
  '-C',
  '--dir',
  '--prefix',
  '-F',
  '--filter',
  '--filter-prod',
  '--workspace-concurrency',
  '--loglevel',
  '--reporter',
  '--resume-from',
  '--package',
  '--test-pattern',
  '--changed-files-ignore-pattern',
  '--store-dir',
  '--virtual-store-dir',
  '--modules-dir',
  '--registry',
  '--script-shell',
  '--node-options',
  '--use-node-version',
  '--cpu',
  '--libc',
  '--os',
]);

/** pnpm's own commands that run no script and no program of a package. */
const inert = new Set(
  (
    'add approve-builds audit bin c cache cat-file cat-index config create dedupe deploy deprecate dist-tag docs doctor env ' +
    'fetch find-hash help i ignored-builds import info init install licenses link list ll ln login logout ls outdated ' +
    'owner pack patch patch-commit patch-remove ping prefix prune publish rb rebuild remove repo rm root search self-update ' +
    'server set setup store token un uni uninstall unlink unpublish up update upgrade version view whoami why'
  ).split(' '),
);

function placeOf(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-F', '--filter', '--filter-prod');
  if (selectors.length > 0) return { kind: 'members', selectors, takesDirectories: false };
  if (has(options, '-r', '--recursive', '--parallel')) {
    return { kind: 'all-members', withRoot: has(options, '--include-workspace-root') };
  }
  if (has(options, '-w', '--workspace-root')) return { kind: 'workspace-root' };
  const path = lastValue(options, '-C', '--dir', '--prefix');
  return path === undefined ? null : { kind: 'path', path, isPackage: false };
}

/** pnpm hands every word behind the script's name on, a first `--` too; users who write that one do not want it. */
function scriptArguments(args: readonly Argument[]): readonly Argument[] {
  return args[0]?.value === '--' ? args.slice(1) : args;
}

/** A script by its name, or those that a `/regular expression/` matches. */
function named(name: string, args: readonly Argument[]): readonly Start[] {
  const expression = /^\/(.+)\/$/.exec(name)?.[1];
  const rest = scriptArguments(args);
  if (expression === undefined) return script(name, rest);
  return [
    { kind: 'script', names: { kind: 'expression', expression }, args: rest, place: null, otherwise: null },
  ];
}

function programStarts(
  command: 'exec' | 'dlx',
  args: readonly Argument[],
  before: readonly Option[],
): readonly Start[] {
  const { options, operands } = leadingOptions(args, takesValue);
  const via = command === 'exec' ? 'pnpm-exec' : 'pnpm-dlx';
  const place = placeOf(options);
  if (has([...before, ...options], '-c', '--shell-mode')) {
    return startsAt(shellText(joined(operands), { via }), place);
  }
  return startsAt(argv(operands, { via, isPackage: true }), place);
}

/** @param before the options that stand before the command. */
function commandStarts(
  word: Argument,
  args: readonly Argument[],
  before: readonly Option[],
): readonly Start[] {
  const command = word.value;
  switch (command) {
    case 'exec':
    case 'dlx':
      return programStarts(command, args, before);
    case 'recursive':
    case 'multi':
    case 'm': {
      // The old spelling of `-r`.
      const { options, operands } = leadingOptions(args, takesValue);
      const [inner, ...rest] = operands;
      if (!isLiteral(inner)) return [];
      const place = placeOf(options) ?? { kind: 'all-members', withRoot: false };
      return startsAt(commandStarts(inner, rest, [...before, ...options]), place);
    }
    case 'run':
    case 'run-script': {
      const { options, operands } = leadingOptions(args, takesValue);
      const name = operands[0];
      if (!isLiteral(name)) return [];
      return startsAt(named(name.value, operands.slice(1)), placeOf(options));
    }
    case 't':
    case 'tst':
    case 'test':
      return script('test', scriptArguments(args));
    case 'it':
    case 'install-test':
      return script('test');
    case 'start':
    case 'stop':
    case 'restart':
      return script(command, scriptArguments(args));
    default: {
      if (inert.has(command)) return [];
      // A script of that name, else the program of that name.
      const [otherwise = null] = argv([word, ...args], { via: 'pnpm-exec', isPackage: true });
      return script(command, scriptArguments(args), { otherwise });
    }
  }
}

/** `pnpm [--filter x] [-C dir] exec|dlx|run|test|<script>|<program> …`. */
export const pnpm: Launcher = {
  names: ['pnpm', 'pn'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const [word, ...rest] = operands;
    if (!isLiteral(word) || has(options, '-h', '--help', '-v', '--version')) return [];
    return startsAt(commandStarts(word, rest, options), placeOf(options));
  },
};

/** `pnpx`: `pnpm dlx`. */
export const pnpx: Launcher = {
  names: ['pnpx', 'pnx'],
  starts: (args) => programStarts('dlx', args, []),
};
