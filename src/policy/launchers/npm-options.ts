import { allValues, has, lastValue, type Option } from '../options.ts';
import type { Place } from './launcher.ts';

/** npm's options that take the next argument, those that users put on a command line; from npm's config definitions. */
export const npmTakesValue: readonly string[] = [
  '-C',
  '--prefix',
  '-w',
  '--workspace',
  '--package',
  '-c',
  '--call',
  '--script-shell',
  '--userconfig',
  '--globalconfig',
  '--cache',
  '--registry',
  '--reg',
  '--loglevel',
  '--tag',
  '--omit',
  '--include',
  '--node-options',
  '--location',
  '-L',
  '--otp',
  '--before',
  '--cafile',
  '--depth',
  '--fetch-retries',
  '--fetch-timeout',
  '--install-strategy',
  '--logs-dir',
  '--logs-max',
  '--maxsockets',
  '--proxy',
  '--https-proxy',
  '--noproxy',
  '--scope',
  '-m',
  '--message',
  '--user-agent',
  '--viewer',
];

/** Where npm runs, from `--prefix`, `-C`, `-w`, `--workspaces`. */
export function npmPlace(options: readonly Option[]): Place | null {
  const selectors = allValues(options, '-w', '--workspace');
  if (selectors.length > 0) return { kind: 'members', selectors };
  if (has(options, '--ws', '--workspaces')) return { kind: 'all-members' };
  const path = lastValue(options, '-C', '--prefix');
  return path === undefined ? null : { kind: 'path', path };
}
