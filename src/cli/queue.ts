import type { Arguments, Argv, CommandModule } from 'yargs';
import { acquireCommand } from './queue/acquire.ts';
import { cancelCommand } from './queue/cancel.ts';
import { cleanStaleCommand } from './queue/clean-stale.ts';
import { releaseCommand } from './queue/release.ts';
import { statusCommand } from './queue/status.ts';

/** Of an option that was given more than once yargs makes a list. The last one counts, as everywhere; no command here takes lists. */
function keepLastWords(given: Arguments): void {
  for (const [name, value] of Object.entries(given)) {
    if (name !== '_' && name !== '--' && Array.isArray(value)) given[name] = value.at(-1);
  }
}

/** `test-governor queue`: the queue itself, for scripts and for people who want to know what they wait for. */
export const queueCommand: CommandModule<object, object> = {
  command: 'queue',
  describe: 'Look at the queue, leave it, or take a place in it for a script',
  builder: (parser: Argv<object>) =>
    parser
      .middleware(keepLastWords, true)
      .command(acquireCommand)
      .command(releaseCommand)
      .command(statusCommand)
      .command(cancelCommand)
      .command(cleanStaleCommand)
      .example('$0 queue status', 'who runs, who waits, and for what')
      .example('$0 queue cancel <ticket>', 'one that waits leaves the line')
      .demandCommand(1, 'Say what to do with the queue: one of the commands above.'),
  handler: () => undefined,
};
