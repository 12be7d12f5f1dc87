import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../escape.ts';
import { run } from './run.ts';

/** Writes to standard error. Its reader may be gone, or the terminal closed: the run goes on without its words. */
function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    return;
  }
}

// The start of a governed run: loads no argument parser and nothing that a run does not need.
run(process.argv.slice(3), {
  environment: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
  output: {
    say: (text) => write(`${text.split('\n').map(escapeForTerminal).join('\n')}\n`),
    write,
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  },
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    write(`test-governor: ${detail.split('\n').map(escapeForTerminal).join('\n')}\n`);
    process.exitCode = 1;
  },
);
