import { escapeForTerminal } from '../escape.ts';
import { ownName } from '../own-name.ts';
import { standardError } from '../runner/standard-error.ts';

/** A command of ours as the user can type it here: `npx test-governor audit`. */
export function ownCommand(words: string): string {
  return `${ownName(process.env)} ${words}`;
}

/** Prints lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Says in one sentence on standard error what is wrong, and sets the exit status. Does not end the process. Never throws. */
export function fail(status: number, sentence: string): void {
  standardError.say(`test-governor: ${escapeForTerminal(sentence)}`);
  process.exitCode = status;
}
