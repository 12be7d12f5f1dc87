import { type Argument, literal } from '../argument.ts';
import { allValues, has, lastValue, type Option } from '../options.ts';
import type { Place } from './launcher.ts';

function long(names: string): readonly string[] {
  return names.split(' ').map((name) => `--${name}`);
}

/** npm's options that take the next argument; from npm 11's config definitions, without those of publishing and logging in. */
export const npmTakesValue: ReadonlySet<string> = new Set([
  '-C',
  '-w',
  '-c',
  '-L',
  '-m',
  ...long(
    'prefix workspace package call script-shell location message ' +
      'access also audit-level auth-type before ca cache cache-max cache-min cafile cert cidr cpu depth editor ' +
      'fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout git globalconfig ' +
      'heading https-proxy include install-strategy key libc local-address lockfile-version loglevel logs-dir logs-max ' +
      'maxsockets min-release-age node-gyp node-options noproxy omit only os otp pack-destination preid proxy reg ' +
      'registry replace-registry-host save-prefix scope shell tag tag-version-prefix umask user-agent userconfig viewer',
  ),
]);

/** npm's options that stand alone; npx takes the word behind any other option for its value. */
export const npmSwitches: ReadonlySet<string> = new Set([
  ...'-a -f -g -l -S -B -D -E -O -P -H -h -? -v -y -q -s -d -dd -ddd'.split(' '),
  ...long(
    'all allow-same-version audit bin-links browser color commit-hooks description dev dry-run engine-strict force ' +
      'foreground-scripts fund git-tag-version global if-present ignore-scripts include-workspace-root install-links json ' +
      'legacy-bundling legacy-peer-deps link long offline optional package-lock package-lock-only parseable prefer-dedupe ' +
      'prefer-offline prefer-online production progress read-only save save-bundle save-dev save-exact save-optional ' +
      'save-peer save-prod shrinkwrap strict-peer-deps strict-ssl timing unicode update-notifier usage version versions ' +
      'workspaces workspaces-update yes no no-yes no-install quiet silent verbose help ws iwr local desc ' +
      'always-spawn ignore-existing shell-auto-fallback',
  ),
]);

/** npm also reads its long shorthands behind one dash: `-ws` is `--workspaces`, no cluster of `-w`. */
export function npmArguments(args: readonly Argument[]): readonly Argument[] {
  return args.map((argument) =>
    /^-(?:ws|iwr|no|reg)$/.test(argument.value) ? literal(`-${argument.value}`) : argument,
  );
}

/** Where npm runs, from `--prefix`, `-C`, `-w`, `--workspaces`. */
export function npmPlace(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-w', '--workspace');
  if (selectors.length > 0) return { kind: 'members', selectors };
  if (has(options, '--ws', '--workspaces')) {
    return { kind: 'all-members', withRoot: has(options, '--iwr', '--include-workspace-root') };
  }
  const path = lastValue(options, '-C', '--prefix');
  return path === undefined ? null : { kind: 'path', path };
}
