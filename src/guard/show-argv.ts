/** An argument vector as a person would type it: words that need no quotes stay bare, others stand in single quotes. */
export function showArgv(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
