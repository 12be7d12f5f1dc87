import { constants, readFileSync } from 'node:fs';

declare module 'node:fs' {
  // Node takes a flag as a number as well ("File system flags" in its manual of fs); the types for node 20 know the words alone.
  export function readFileSync(
    path: string,
    options: { readonly encoding: 'utf8'; readonly flag: number },
  ): string;
}

const asText = { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK } as const;

/** The text of a file; a named pipe in its place has none, and is not waited for. Throws what the file system says. */
export function readWithoutWaiting(path: string): string {
  return readFileSync(path, asText);
}
