import { isAbsolute } from 'node:path';
import { defaultEnvPrefix, readVariable } from '../env.ts';
import { exitStatus } from '../exit-status.ts';
import { runBundle } from '../run-bundle.ts';
import { standardError } from '../runner/standard-error.ts';
import { noWorkingDirectory, workingDirectory } from '../working-directory.ts';

/** Whether the queue that is meant lies in the same place wherever the command is typed. */
function isQueueKnown(): boolean {
  const { env } = process;
  const chosen = readVariable(env, defaultEnvPrefix, 'STATE_DIR');
  return chosen === undefined
    ? readVariable(env, defaultEnvPrefix, 'TEST_LOCK_SCOPE') === 'machine'
    : isAbsolute(chosen);
}

/** Whether a command comes to the same in any directory. A place in the queue is given back by a trap, which runs in whatever is left. */
function isSameEverywhere(words: readonly string[]): boolean {
  const [command, subcommand] = words;
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  const isAboutUs = own.some((word) => ['--help', '-h', '--version'].includes(word));
  return isAboutUs || (command === 'queue' && subcommand === 'release' && isQueueKnown());
}

// Before everything else: the argument parser asks for the current directory while it is loaded.
const isGone = workingDirectory() === null;
if (isGone && !isSameEverywhere(process.argv.slice(2))) {
  standardError.say(`test-governor: ${noWorkingDirectory}`);
  process.exitCode = exitStatus.waitTimedOut;
} else {
  if (isGone) process.chdir('/');
  runBundle('cli');
}
