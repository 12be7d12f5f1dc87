import { exitStatus } from '../exit-status.ts';
import { noWorkingDirectory, workingDirectory } from '../working-directory.ts';
import { exitWith } from './output.ts';
import { run } from './run.ts';
import { standardError } from './standard-error.ts';
import { isWatched } from './terminal.ts';

// The start of a governed run: loads no argument parser and nothing that a run does not need.
const cwd = workingDirectory();
if (cwd === null) {
  standardError.say(`test-governor: no tests ran: ${noWorkingDirectory}`);
  process.exitCode = exitStatus.waitTimedOut;
} else {
  exitWith(
    run(process.argv.slice(3), {
      environment: process.env,
      cwd,
      get isTerminal() {
        return isWatched();
      },
      output: standardError,
    }),
  );
}
