import { type Argument, isLiteral } from '../argument.ts';
import { allValues, has, lastValue, leadingOptions, type Option } from '../options.ts';
import { argv, type Launcher, type Place, type Start, script, startsAt } from './launcher.ts';

const takesValue = new Set([
  '--cwd',
  '--modules-folder',
  '--cache-folder',
  '--global-folder',
  '--preferred-cache-folder',
  '--mutex',
  '--registry',
  '--proxy',
  '--https-proxy',
  '--use-yarnrc',
  '--network-concurrency',
  '--network-timeout',
  '-p',
  '--package',
]);

/** Both Yarns' own commands that run no script and no program of a package. */
const inert = new Set(
  (
    'access add audit autoclean bin cache check config constraints create dedupe explain generate-lock-entry global help ' +
    'import info init install licenses link list login logout npm outdated owner pack patch patch-commit plugin policies ' +
    'prune publish rebuild remove search set stage tag team unlink unplug up upgrade upgrade-interactive version versions why'
  ).split(' '),
);

const foreachTakesValue = new Set(['--from', '--include', '--exclude', '-j', '--jobs', '--since']);

function placeOf(options: readonly Option[]): Place | null {
  const path = lastValue(options, '--cwd');
  if (path !== undefined) return { kind: 'path', path, isPackage: false };
  return has(options, '-T', '--top-level') ? { kind: 'workspace-root' } : null;
}

/** Yarn 1 drops a first `--`. */
function scriptArguments(args: readonly Argument[]): readonly Argument[] {
  return args[0]?.value === '--' ? args.slice(1) : args;
}

function named(word: Argument, args: readonly Argument[]): readonly Start[] {
  if (!isLiteral(word)) return [];
  const [otherwise = null] = argv([word, ...args], { via: 'yarn', isPackage: true });
  return script(word.value, scriptArguments(args), { otherwise });
}

/** `yarn workspaces run test` of Yarn 1, `yarn workspaces foreach -A run test` of the later ones. */
function workspaces(args: readonly Argument[]): readonly Start[] {
  const { operands } = leadingOptions(args, takesValue);
  const [word, ...rest] = operands;
  switch (word?.value) {
    case 'run':
      return startsAt(yarnStarts(operands), { kind: 'all-members', withRoot: false });
    case 'foreach': {
      const { options, operands: command } = leadingOptions(rest, foreachTakesValue);
      const selectors = allValues(options, '--include');
      const place: Place =
        selectors.length > 0
          ? { kind: 'members', selectors, takesDirectories: false }
          : { kind: 'all-members', withRoot: true };
      return startsAt(yarnStarts(command), place);
    }
    default:
      return [];
  }
}

function yarnStarts(args: readonly Argument[]): readonly Start[] {
  const { options, operands } = leadingOptions(args, takesValue);
  const [word, ...rest] = operands;
  if (!isLiteral(word) || has(options, '-h', '--help', '-v', '--version')) return [];
  return startsAt(commandStarts(word, rest), placeOf(options));
}

function commandStarts(word: Argument, rest: readonly Argument[]): readonly Start[] {
  switch (word.value) {
    case 'run': {
      const { options, operands } = leadingOptions(rest, takesValue);
      const name = operands[0];
      return name === undefined ? [] : startsAt(named(name, operands.slice(1)), placeOf(options));
    }
    case 'exec':
    case 'dlx':
      return argv(leadingOptions(rest, takesValue).operands, { via: 'yarn', isPackage: true });
    case 'node':
      return argv([word, ...rest]);
    case 'workspace': {
      const [member, ...command] = rest;
      if (member === undefined) return [];
      return startsAt(yarnStarts(command), { kind: 'members', selectors: [member], takesDirectories: false });
    }
    case 'workspaces':
      return workspaces(rest);
    default:
      return inert.has(word.value) ? [] : named(word, rest);
  }
}

/** Yarn 1 and later: `yarn test`, `yarn jest`, `yarn run|exec|dlx|workspace|workspaces …`. */
export const yarn: Launcher = {
  names: ['yarn', 'yarnpkg'],
  starts: yarnStarts,
};
