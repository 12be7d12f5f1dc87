import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { quoteWord } from './policy/quote.ts';

/** What keeps a path from being used as a directory. */
export interface DirectoryFault {
  readonly path: string;
  /** The rest of a sentence that begins with the path: `is not a directory`. */
  readonly detail: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** What is wrong with a directory; null when it can be read, and when nothing is there: it can then be made. Never throws. */
export function directoryFault(path: string): DirectoryFault | null {
  const fault = (detail: string, command: string): DirectoryFault => ({
    path,
    detail,
    mend: `${command} ${quoteWord(path)}`,
  });
  try {
    if (!statSync(path).isDirectory()) return fault('is not a directory', 'rm');
    accessSync(path, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    if (errorCode(error) === 'EACCES') return fault('cannot be read', 'chmod u+rwx');
    return isLink(path) ? fault('is a symbolic link that leads nowhere', 'rm') : null;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** A failure that a directory's fault explains better than the code of the system does. */
export class DirectoryFaultError extends Error {
  constructor({ path, detail, mend }: DirectoryFault) {
    super(`${path} ${detail}; to mend that: ${mend}`);
  }
}

/** The fault of the first directory that has one. */
export function firstFault(paths: readonly string[]): DirectoryFault | null {
  for (const path of paths) {
    const fault = directoryFault(path);
    if (fault !== null) return fault;
  }
  return null;
}

/** The error to report for one that came from below some directories: their fault, if they have one, else itself. */
export function explained(error: unknown, paths: readonly string[]): unknown {
  const fault = firstFault(paths);
  return fault === null ? error : new DirectoryFaultError(fault);
}
