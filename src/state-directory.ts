import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { directoryFault } from './directory-fault.ts';
import { type Environment, readVariable } from './env.ts';
import { errorCode, systemReason } from './error-code.ts';

/** A directory that is ours alone, or why we do not use it (one sentence; paths in it are not escaped). */
export type StateDirectory =
  | { readonly kind: 'ok'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string };

/** Where a command runs, for finding its state directory. */
export interface StateLocation {
  readonly environment: Environment;
  readonly envPrefix: string;
  /** Absolute; a relative `…_STATE_DIR` is meant from here. */
  readonly cwd: string;
  /** The main worktree of the repository around a directory, null outside of one. */
  readonly mainWorktree: (directory: string) => string | null;
}

/** Names that only we put into a state directory; one that holds nothing else is ours to close. */
const ourEntries =
  /^(\.gitignore|events(-.*)?\.jsonl|telemetry\.lock|queue(\.\d+)?|machine|decisions|init-[0-9a-f]{16}\.json|history\.json(\..+)?|preload|\.doctor-[0-9a-f]+)$/;

const writableByOthers = 0o022;

function ownUser(): number {
  return process.geteuid?.() ?? -1;
}

function statOrNull(read: () => Stats): Stats | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Takes the write permission from group and others; works on the open directory, so that no link can slip in. */
function closeToOthers(path: string): string | null {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const stats = fstatSync(descriptor);
    if (stats.uid !== ownUser()) {
      return 'is owned by another user';
    }
    fchmodSync(descriptor, 0o700);
    return null;
  } catch (error) {
    return `is writable by other users and its mode cannot be changed (${errorCode(error) ?? 'unknown error'})`;
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}

/** Why an existing path cannot serve; null when it can (perhaps after its mode was mended). */
function fault(path: string, stats: Stats | null): string | null {
  if (stats === null) {
    return 'cannot be read';
  }
  if (stats.isSymbolicLink()) {
    return 'is a symbolic link';
  }
  if (!stats.isDirectory()) {
    return 'is not a directory';
  }
  if (stats.uid !== ownUser()) {
    return `is owned by another user (uid ${stats.uid})`;
  }
  if ((stats.mode & writableByOthers) === 0) {
    return null;
  }
  // A shared directory that somebody pointed us to (/tmp, a group's folder) must not lose its mode through us; and what others
  // have put there under our names (a lease that names processes to end) must not be taken for ours.
  const isOurs = (name: string) =>
    ourEntries.test(name) && statOrNull(() => lstatSync(join(path, name)))?.uid === ownUser();
  return readdirSync(path).every(isOurs) ? closeToOthers(path) : 'is writable by other users';
}

/**
 * Makes a directory and its missing parents; true when it was not there before. Not by node's `recursive`, which
 * tries for ever where a parent is there but takes no directories (ENOENT from /proc).
 */
function makeDirectory(path: string, mode: number): boolean {
  const parent = dirname(path);
  if (statOrNull(() => lstatSync(parent)) === null && parent !== path) {
    makeDirectory(parent, 0o777);
  }
  try {
    mkdirSync(path, mode);
    return true;
  } catch (error) {
    // Two commands may start at once; whoever comes second judges what the first one made.
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** What is there of a path: itself, or the nearest directory above it that can be looked at. */
function nearestThere(path: string): string {
  const parent = dirname(path);
  return parent === path || statOrNull(() => lstatSync(path)) !== null ? path : nearestThere(parent);
}

/** Why a directory could not be made, as half a sentence. */
function whyNotMade(path: string, error: unknown): string {
  const around = nearestThere(path);
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return `${around} cannot be written to`;
    case 'ENOENT':
    case 'ENOTDIR':
      // The kernel's own file systems (/proc, /sys) take none, and say that there is nothing.
      return `${around} ${directoryFault(around)?.detail ?? 'takes no new directories'}`;
    default:
      return systemReason(error, around);
  }
}

/**
 * Makes sure that `path` is a directory which nobody but us can change: creates it with mode 0700 (parents as the
 * umask says), takes an own one that others could write to back to 0700 when it holds nothing but our files,
 * and refuses links, other people's directories and shared ones. Never throws.
 */
export function openPrivateDirectory(path: string): StateDirectory {
  const refused = (reason: string): StateDirectory => ({
    kind: 'refused',
    path,
    reason: `${path} ${reason}`,
  });
  try {
    const look = () => statOrNull(() => lstatSync(path));
    let stats = look();
    if (stats === null) {
      // An unusual umask may have taken bits that we need.
      if (makeDirectory(path, 0o700)) chmodSync(path, 0o700);
      stats = look();
    }
    const reason = fault(path, stats);
    return reason === null
      ? { kind: 'ok', path }
      : refused(`${reason}; state is kept only in a directory that nobody else can write to`);
  } catch (error) {
    return refused(`cannot be made: ${whyNotMade(path, error)}`);
  }
}

/** The command that has state kept elsewhere. */
export function chooseState(envPrefix: string): string {
  return `export ${envPrefix}_STATE_DIR=<a directory of your own>`;
}

/** Why a state directory is not used, with the command that helps: half a sentence (paths in it are not escaped). */
export function describeRefusal(
  { reason }: Extract<StateDirectory, { kind: 'refused' }>,
  envPrefix: string,
): string {
  return `${reason}; to mend that: ${chooseState(envPrefix)}`;
}

/** The user's home directory, as XDG takes it; `/` for a user whom the system does not know (a container's `--user 1234`), as Docker says. */
export function homeOf({ HOME }: Environment): string {
  if (HOME !== undefined && isAbsolute(HOME)) return HOME;
  // Loaded only here: the asker can do without, and every module counts. Not its homedir(), which gives any HOME that is set.
  const { userInfo }: typeof import('node:os') = require('node:os');
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}

/**
 * The path of this user's own directory: `…_STATE_DIR`, else `$XDG_RUNTIME_DIR/test-governor` when that is a directory
 * of ours (under `sudo -E` it is another user's), else `${XDG_CACHE_HOME:-$HOME/.cache}/test-governor`.
 * Relative XDG paths are ignored, as the XDG base directory specification says.
 */
export function userDirectory(environment: Environment, envPrefix: string, cwd: string): string {
  const chosen = readVariable(environment, envPrefix, 'STATE_DIR');
  if (chosen !== undefined) {
    return resolve(cwd, chosen);
  }
  const runtime = environment.XDG_RUNTIME_DIR;
  if (runtime !== undefined && isAbsolute(runtime)) {
    const stats = statOrNull(() => statSync(runtime));
    if (stats?.isDirectory() && stats.uid === ownUser()) {
      return join(runtime, 'test-governor');
    }
  }
  const cache = environment.XDG_CACHE_HOME;
  if (cache !== undefined && isAbsolute(cache)) {
    return join(cache, 'test-governor');
  }
  return join(homeOf(environment), '.cache', 'test-governor');
}

/** Writes the `.gitignore` that keeps a repository's state out of its history; a failure here harms nothing. */
function ignoreInGit(path: string): void {
  const file = join(path, '.gitignore');
  // Looked at first: nearly always it is there, and an error costs ten times as much as a look.
  if (existsSync(file)) return;
  try {
    writeFileSync(file, '*\n', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      // A read-only or full disk: what is written next says so, and there is then nothing to ignore.
      return;
    }
  }
}

/**
 * Finds and opens the directory for telemetry and queue: `…_STATE_DIR`, else `.cache/test-governor` of the main
 * worktree (with a `.gitignore` of `*`), else the user's own. A worktree that belongs to another user (root under
 * sudo, a container's root in a mounted checkout) gets no files of ours, or its owner could not use it afterwards.
 */
export function openStateDirectory(location: StateLocation): StateDirectory {
  const { environment, envPrefix, cwd } = location;
  if (readVariable(environment, envPrefix, 'STATE_DIR') === undefined) {
    const worktree = location.mainWorktree(cwd);
    const stats = worktree === null ? null : statOrNull(() => statSync(worktree));
    if (worktree !== null && stats?.uid === ownUser()) {
      const opened = openPrivateDirectory(join(worktree, '.cache', 'test-governor'));
      if (opened.kind === 'ok') {
        ignoreInGit(opened.path);
      }
      return opened;
    }
  }
  return openPrivateDirectory(userDirectory(environment, envPrefix, cwd));
}
