/**
 * The code of a system error (`ENOENT`), null for anything else that was thrown.
 * Not by `instanceof Error`: node's own errors belong to another realm when we run inside a vm context.
 */
export function errorCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
