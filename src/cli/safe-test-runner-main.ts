import { escapeForTerminal } from '../escape.ts';
import { exitStatus } from '../exit-status.ts';
import { exitWith } from '../runner/output.ts';
import { run } from '../runner/run.ts';
import { standardError } from '../runner/standard-error.ts';
import { endWhenUnwritable } from '../runner/standard-streams.ts';
import { isWatched } from '../runner/terminal.ts';
import { noWorkingDirectory, workingDirectory } from '../working-directory.ts';
import { print } from './output.ts';
import { parseSafeTestRunner, safeTestRunnerHelp } from './safe-test-runner-options.ts';

/** Runs `safe-test-runner`. @returns pytest's own status, or one of ours. */
async function main(words: readonly string[]): Promise<number> {
  const request = parseSafeTestRunner(words);
  switch (request.kind) {
    case 'help':
      endWhenUnwritable('safe-test-runner', process.stdout);
      print(safeTestRunnerHelp.trimEnd());
      return 0;
    case 'refused':
      standardError.say(
        `safe-test-runner: no tests ran. ${escapeForTerminal(request.sentence)} (safe-test-runner --help shows what there is)`,
      );
      return exitStatus.usage;
    case 'run': {
      const { timeoutSeconds, maxLoad, workers, args } = request;
      const cwd = workingDirectory();
      if (cwd === null) {
        standardError.say(`safe-test-runner: no tests ran: ${noWorkingDirectory}`);
        return exitStatus.waitTimedOut;
      }
      return run(['pytest', '--', ...args], {
        environment: process.env,
        cwd,
        get isTerminal() {
          return isWatched();
        },
        output: standardError,
        ...(workers === undefined ? {} : { pytestWorkers: workers }),
        overrides: {
          ...(timeoutSeconds === undefined ? {} : { testTimeoutSeconds: timeoutSeconds }),
          ...(maxLoad === undefined ? {} : { maxLoad }),
        },
      });
    }
    default:
      return request satisfies never;
  }
}

exitWith(main(process.argv.slice(2)));
