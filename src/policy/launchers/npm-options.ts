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

const longShorthands: readonly string[] = ['-ws', '-iwr', '-no', '-reg'];

/** npm also reads its long shorthands behind one dash: `-ws` is `--workspaces`, no cluster of `-w`. */
export function npmArguments(args: readonly Argument[]): readonly Argument[] {
  return args.map((argument) =>
    longShorthands.includes(argument.value) ? literal(`-${argument.value}`) : argument,
  );
}

/** Where npm runs, from `--prefix`, `-C`, `-w`, `--workspaces`. */
export function npmPlace(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-w', '--workspace');
  if (selectors.length > 0) return { kind: 'members', selectors, takesDirectories: true };
  if (has(options, '--ws', '--workspaces')) {
    return { kind: 'all-members', withRoot: has(options, '--iwr', '--include-workspace-root') };
  }
  const path = lastValue(options, '-C', '--prefix');
  return path === undefined ? null : { kind: 'path', path, isPackage: true };
}
