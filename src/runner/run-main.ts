import { exitWith } from './output.ts';
import { run } from './run.ts';
import { standardError } from './standard-error.ts';
import { isWatched } from './terminal.ts';

// The start of a governed run: loads no argument parser and nothing that a run does not need.
exitWith(
  run(process.argv.slice(3), {
    environment: process.env,
    cwd: process.cwd(),
    get isTerminal() {
      return isWatched();
    },
    output: standardError,
  }),
);
