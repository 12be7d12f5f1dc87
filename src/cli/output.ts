import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import { ownName } from '../own-name.ts';

/** A command of ours as the user can type it here: `npx test-governor audit`. */
export function ownCommand(words: string): string {
  return `${ownName(process.env)} ${words}`;
}

/** Prints lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Says in one sentence on standard error what is wrong, and sets the exit status. Does not end the process. */
export function fail(status: number, sentence: string): void {
  writeSync(2, `test-governor: ${escapeForTerminal(sentence)}\n`);
  process.exitCode = status;
}
