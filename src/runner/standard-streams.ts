import { constants } from 'node:os';
import { errorCode, systemReason } from '../error-code.ts';
import { exitStatus } from '../exit-status.ts';
import { standardError } from './standard-error.ts';

/**
 * Ends this program as soon as one of its standard streams takes nothing any more. When its reader has seen enough (`| head`), as a
 * program that SIGPIPE ends, without a word: node ignores that signal and makes it an error of the stream. Else with a sentence,
 * if there is still somebody to read it.
 * @param name what the program is called.
 */
export function endWhenUnwritable(name: string, ...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error) => {
      if (errorCode(error) === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
      const which = stream === process.stderr ? 'standard error' : 'standard output';
      standardError.say(`${name}: ${which} cannot be written: ${systemReason(error, which)}`);
      process.exit(exitStatus.unwritable);
    });
  }
}
