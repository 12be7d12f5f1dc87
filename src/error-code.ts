/**
 * The code of a system error (`ENOENT`), null for anything else that was thrown.
 * Not by `instanceof Error`: node's own errors belong to another realm when we run inside a vm context.
 */
export function errorCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Why a write failed, as half a sentence for people (`the disk is full`); `name` is the file or directory that was meant. */
export function systemReason(error: unknown, name: string): string {
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full';
    case 'EDQUOT':
      return 'the disk quota is used up';
    case 'EFBIG':
      return 'the file size limit is reached';
    case 'EROFS':
      return 'the file system is read-only';
    case 'EACCES':
    case 'EPERM':
      return 'the directory cannot be written to';
    case 'ELOOP':
    case 'EMLINK':
      return `${name} is a symbolic link`;
    case 'EISDIR':
      return `${name} is a directory`;
    case 'ENOENT':
    case 'ENOTDIR':
      return 'the state directory is gone';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open';
    default:
      if (code !== null) return `the system says ${code}`;
      return error instanceof Error ? error.message : 'of an unknown error';
  }
}
