import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import type { RunOutput } from './governed-run.ts';

/** Writes to standard error. Its reader may be gone, or the terminal closed: the run goes on without its words. */
function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    return;
  }
}

/** This process's standard error. Control characters in what is said are shown escaped. */
export function standardError(): RunOutput {
  return {
    say: (text) => write(`${text.split('\n').map(escapeForTerminal).join('\n')}\n`),
    write,
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  };
}

/** True when standard input and output are a terminal: somebody watches. */
export function isWatched(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Ends this process with the status that `work` gives; a fault of ours is shown whole, with status 1. */
export function exitWith(work: Promise<number>): void {
  work.then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      standardError().say(`test-governor: ${detail}`);
      process.exitCode = 1;
    },
  );
}
