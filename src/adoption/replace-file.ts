import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code.ts';

/** How replacing a file's content ended. In every case but the first the file is as it was. */
export type Replaced =
  | { readonly kind: 'replaced' }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'changed-meanwhile' }
  | { readonly kind: 'failed'; readonly reason: string };

/** How a file that could not be written is spoken of. */
export function failureWords(shown: string, outcome: Exclude<Replaced, { kind: 'replaced' }>): string {
  switch (outcome.kind) {
    case 'read-only':
      return `${shown} may not be written to: chmod u+w it, and run the command again`;
    case 'changed-meanwhile':
      return `${shown} was changed by somebody else meanwhile: run the command again`;
    case 'failed':
      return `${shown} cannot be written (${outcome.reason})`;
    default:
      return outcome satisfies never;
  }
}

/** Any of the permissions to write: without one the file is meant to stay as it is, also for root, who could. */
const anyWrite = 0o222;

/** @param like the file that it is to replace; null for a new one, which gets what the umask leaves of the usual permissions. */
function writeWhole(path: string, content: string | Buffer, like: Stats | null): void {
  const descriptor = openSync(path, 'wx', like === null ? 0o666 : 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (like === null) return;
  keepOwner(path, like);
  // After the owner: the system takes setuid bits from a file that changes hands.
  chmodSync(path, like.mode & 0o7777);
}

/** Root edits for others, and what it leaves must still be theirs to edit. Anybody else can give no file away: theirs it becomes. */
function keepOwner(path: string, { uid, gid }: Stats): void {
  if (process.geteuid?.() !== 0) return;
  const made = statSync(path);
  // File systems that know one owner alone let nobody be named.
  if (made.uid !== uid || made.gid !== gid) chownSync(path, uid, gid);
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`);
}

function failureOf(error: unknown): Replaced {
  const code = errorCode(error);
  if (code === 'EEXIST') return { kind: 'changed-meanwhile' };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return { kind: 'read-only' };
  return { kind: 'failed', reason: code ?? (error instanceof Error ? error.message : String(error)) };
}

/** Gives a whole file its name, unless something has that name. Where there are no hard links, by a copy that is exclusive too. */
function publish(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error;
    copyFileSync(temporary, path, constants.COPYFILE_EXCL);
  }
}

/**
 * Makes a file with all its content in one step: written beside it, then linked to its name, so that a file which appeared
 * meanwhile is never overwritten. Its directory must be there. Never throws.
 */
export function createFile(path: string, content: string): Replaced {
  const temporary = temporaryBeside(path);
  try {
    writeWhole(temporary, content, null);
    publish(temporary, path);
    return { kind: 'replaced' };
  } catch (error) {
    return failureOf(error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Replaces a file's content in one step: written beside it, then renamed over it, so that nobody ever reads half of it. Its
 * permissions and, where root replaces it, its owner stay; a symbolic link goes on leading to the file that it led to. Never throws. A text stands for its UTF-8.
 * @param expected what the file held when the new content was made; when it holds something else by now, it is left alone.
 */
export function replaceFile(path: string, expected: string | Buffer, content: string | Buffer): Replaced {
  let temporary: string | null = null;
  try {
    const target = realpathSync(path);
    const stats = statSync(target);
    if ((stats.mode & anyWrite) === 0) return { kind: 'read-only' };
    // A rename would replace also a file that is writable to others alone.
    accessSync(target, constants.W_OK);
    temporary = temporaryBeside(target);
    writeWhole(temporary, content, stats);
    if (!readFileSync(target).equals(Buffer.from(expected))) return { kind: 'changed-meanwhile' };
    renameSync(temporary, target);
    return { kind: 'replaced' };
  } catch (error) {
    return failureOf(error);
  } finally {
    if (temporary !== null) rmSync(temporary, { force: true });
  }
}
