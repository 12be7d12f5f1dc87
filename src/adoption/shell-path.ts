/** A path as a shell of any age and kind reads it: always in single quotes, so that rc lines can be recognised by their form. */
export function shellPath(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
