import { type Argument, isLiteral } from '../argument.ts';
import { has, lastValue, leadingOptions, type Option } from '../options.ts';
import { argv, type Launcher, type Place, type Start, startsAt } from './launcher.ts';

/** The options of `uv run`, `uv tool run` and of uv itself that take the next argument. */
const takesValue = new Set([
  ...'-p -i -f -P -C -w -c -b'.split(' '),
  ...(
    'with with-editable with-requirements extra no-extra group no-group only-group python package project directory env-file ' +
    'from index default-index index-url extra-index-url find-links index-strategy keyring-provider upgrade-package ' +
    'upgrade-group resolution prerelease fork-strategy refresh-package reinstall-package link-mode config-setting ' +
    'config-settings config-settings-package no-build-package no-binary-package no-build-isolation-package cache-dir color ' +
    'config-file exclude-newer exclude-newer-package constraints build-constraints overrides python-platform ' +
    'python-preference allow-insecure-host max-recursion-depth torch-backend'
  )
    .split(' ')
    .map((name) => `--${name}`),
]);

function placeOf(options: readonly Option[]): Place | null {
  const path = lastValue(options, '--directory');
  return path === undefined ? null : { kind: 'path', path, isPackage: false };
}

function tool(args: readonly Argument[]): readonly Start[] {
  const { options, operands } = leadingOptions(args, takesValue);
  return startsAt(argv(operands, { via: 'uv', isPackage: true }), placeOf(options));
}

function run(args: readonly Argument[]): readonly Start[] {
  const { options, operands } = leadingOptions(args, takesValue);
  const starts = argv(operands, {
    via: 'uv',
    isPackage: has(options, '-m', '--module'),
    stays: 'environment',
  });
  return startsAt(starts, placeOf(options));
}

/** `uv run [--with x] pytest`, `uv run -m pytest`, `uv tool run pytest`. */
export const uv: Launcher = {
  names: ['uv'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const [word, ...rest] = operands;
    if (!isLiteral(word) || has(options, '-h', '--help', '-V', '--version')) return [];
    if (word.value === 'run') return startsAt(run(rest), placeOf(options));
    if (word.value === 'tool' && rest[0]?.value === 'run')
      return startsAt(tool(rest.slice(1)), placeOf(options));
    return [];
  },
};

/** `uvx pytest`. */
export const uvx: Launcher = {
  names: ['uvx'],
  starts: tool,
};
