import { run } from './run.ts';
import { standardError } from './standard-error.ts';

// The start of a governed run: loads no argument parser and nothing that a run does not need.
run(process.argv.slice(3), {
  environment: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
  output: standardError,
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    standardError.say(
      `test-governor: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    process.exitCode = 1;
  },
);
