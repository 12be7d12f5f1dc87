import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';

/** Prints lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Says in one sentence on standard error what is wrong, and sets the exit status. Does not end the process. */
export function fail(status: number, sentence: string): void {
  writeSync(2, `test-governor: ${escapeForTerminal(sentence)}\n`);
  process.exitCode = status;
}
