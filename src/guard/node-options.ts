/** A path as one word of NODE_OPTIONS: node splits it at spaces and knows double quotes with backslashes inside them. */
function quoted(path: string): string {
  return /[ "]/.test(path) ? `"${path.replaceAll(/[\\"]/g, '\\$&')}"` : path;
}

/**
 * NODE_OPTIONS with the preload in it, by which the runners below are shaped. It is there already in a guarded shell, unless the
 * user has set the variable anew.
 * @param words what the guard has added to it, `…_GUARD_PRELOAD`.
 */
export function withPreload(options: string | undefined, preload: string, words: string | undefined): string {
  const own = options ?? '';
  const isThere = (text: string) => ` ${own} `.includes(` ${text} `);
  const added = `--require ${quoted(preload)}`;
  // Under a permission model node loads only what it was told of, and would not start with more.
  const isRestricted = /--(experimental-)?(permission|policy)/.test(own);
  if (isRestricted || isThere(added) || (words !== undefined && words !== '' && isThere(words))) return own;
  return own === '' ? added : `${own} ${added}`;
}
