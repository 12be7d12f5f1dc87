import { type Argument, isLiteral, literal } from '../argument.ts';
import { lastValue, leadingOptions } from '../options.ts';
import { argv, type Launcher, script } from './launcher.ts';

/** Node's options that take the next argument. */
const takesValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-e',
  '--eval',
  '-p',
  '--print',
  '--run',
  '--env-file',
  '--env-file-if-exists',
  '--title',
  '--input-type',
  '--max-http-header-size',
  '--openssl-config',
  '--icu-data-dir',
  '--watch-path',
  '--test-reporter',
  '--test-reporter-destination',
  '--test-name-pattern',
  '--redirect-warnings',
  '--diagnostic-dir',
]);

/** The package managers by the file that node runs. */
const managers: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)npm-cli\.js$/, 'npm'],
  [/(?:^|\/)npx-cli\.js$/, 'npx'],
  [/(?:^|\/)pnpm\.[cm]?js$/, 'pnpm'],
  [/(?:^|\/)pnpx\.[cm]?js$/, 'pnpx'],
  [/(?:^|\/)yarn(?:pkg)?(?:-[\d.]+[^/]*)?\.[cm]?js$/, 'yarn'],
];

/** The command that a script file of node stands for: what `.bin/<name>` links to, or a package manager's own file. */
function fileCommand(file: Argument): Argument {
  const manager = managers.find(([pattern]) => pattern.test(file.value));
  return manager === undefined ? file : literal(manager[1]);
}

/** `node [flags] file.js args…`, `node --run test`. */
export const node: Launcher = {
  names: ['node', 'nodejs'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const run = lastValue(options, '--run');
    if (isLiteral(run)) return script(run.value, operands);
    if (lastValue(options, '-e', '--eval', '-p', '--print') !== undefined) return [];
    const file = operands[0];
    if (file === undefined) return [];
    return argv([fileCommand(file), ...operands.slice(1)], { via: 'node-path', isPackage: false });
  },
};
