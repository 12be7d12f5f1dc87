import { type Argument, type Assignment, isLiteral, literal } from '../argument.ts';
import { has, lastValue, leadingOptions, type Option } from '../options.ts';
import { argv, type Launcher, script } from './launcher.ts';

/** Node's options that take the next argument, from `node --help`. */
const takesValue = new Set([
  '-r',
  '-C',
  '-e',
  '-p',
  '-pe',
  ...(
    'require import loader experimental-loader conditions eval print run env-file env-file-if-exists title input-type ' +
    'allow-fs-read allow-fs-write build-snapshot-config cpu-prof-dir cpu-prof-interval cpu-prof-name diagnostic-dir ' +
    'disable-proto disable-warning dns-result-order experimental-default-type experimental-policy experimental-sea-config ' +
    'heap-prof-dir heap-prof-interval heap-prof-name heapsnapshot-near-heap-limit heapsnapshot-signal icu-data-dir ' +
    'inspect-port debug-port inspect-publish-uid max-http-header-size network-family-autoselection-attempt-timeout ' +
    'openssl-config policy-integrity redirect-warnings report-dir report-directory report-filename report-signal ' +
    'secure-heap secure-heap-min snapshot-blob test-concurrency test-name-pattern test-skip-pattern test-reporter ' +
    'test-reporter-destination test-shard test-timeout tls-cipher-list tls-keylog trace-event-categories ' +
    'trace-event-file-pattern trace-require-module unhandled-rejections use-largepages v8-pool-size watch-path ' +
    'localstorage-file test-coverage-include test-coverage-exclude'
  )
    .split(' ')
    .map((name) => `--${name}`),
]);

/** The package managers by the file that node runs. */
const managers: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)npm-cli\.js$/, 'npm'],
  [/(?:^|\/)npx-cli\.js$/, 'npx'],
  [/(?:^|\/)pnpm\.[cm]?js$/, 'pnpm'],
  [/(?:^|\/)pnpx\.[cm]?js$/, 'pnpx'],
  [/(?:^|\/)yarn(?:pkg)?(?:-[\d.]+[^/]*)?\.[cm]?js$/, 'yarn'],
];

/** The word that a script file of node stands for: a package manager, else itself, as `.bin/jest` or a runner's main file. */
function fileWord(file: Argument): Argument {
  const manager = managers.find(([pattern]) => pattern.test(file.value));
  return manager === undefined ? file : literal(manager[1]);
}

/** What NODE_OPTIONS may hold and a test run may need; nothing that stops or watches every node on the way (`--inspect-brk`). */
const inherited =
  /^(?:-r|-C|--(?:require|import|(?:experimental-)?loader|conditions|experimental-[a-z-]+|no-experimental-[a-z-]+|max-(?:old|semi)-space-size|no-warnings|no-deprecation|disable-warning|enable-source-maps|openssl-legacy-provider|unhandled-rejections|preserve-symlinks(?:-main)?|icu-data-dir|stack-trace-limit|trace-(?:warnings|deprecation|uncaught)))$/;

/** Node's own flags, for the runner that the governed run starts in its own way. */
function nodeOptions(options: readonly Option[]): readonly Assignment[] {
  const flags = options.flatMap(({ name, value }) => {
    if (!inherited.test(name)) return [];
    if (value === null) return [name];
    const isPlain = value.source === null && /^[\w./:,@%+=-]+$/.test(value.value);
    return isPlain ? [`${name}${name.startsWith('--') ? '=' : ' '}${value.value}`] : [];
  });
  if (flags.length === 0) return [];
  const text = flags.join(' ');
  return [{ name: 'NODE_OPTIONS', value: { value: text, source: `"\${NODE_OPTIONS-} ${text}"` } }];
}

/** `node [flags] file.js args…`, `node inspect file.js`, `node --run test`. */
export const node: Launcher = {
  names: ['node', 'nodejs'],
  starts(args) {
    const { options, operands } = leadingOptions(args, takesValue);
    const run = lastValue(options, '--run');
    if (isLiteral(run)) return script(run.value, operands);
    if (
      has(
        options,
        '-e',
        '--eval',
        '-p',
        '--print',
        '-pe',
        '-v',
        '--version',
        '-h',
        '--help',
        '--test',
        '-c',
        '--check',
      )
    ) {
      return [];
    }
    const isDebugger = operands[0]?.value === 'inspect' || operands[0]?.value === 'debug';
    const [file, ...rest] = isDebugger ? operands.slice(1) : operands;
    if (file === undefined) return [];
    const word = fileWord(file);
    // A bare `node jest` runs a file of that name beside it.
    if (word === file && !file.value.includes('/')) return [];
    return argv([word, ...rest], { via: 'node-path', assignments: nodeOptions(options) });
  },
};
