import type { Argv, CommandModule } from 'yargs';
import { escapeForTerminal } from '../../escape.ts';
import { exitStatus } from '../../exit-status.ts';
import { ownName } from '../../own-name.ts';
import type { QueuePlace } from '../../queue/scope.ts';
import { readQueueStatus } from '../../queue/status.ts';
import { statusLines } from '../../queue/status-words.ts';
import { fail, print } from '../output.ts';
import { openBoth, openContext, type QueueContext, refusal, titleOf } from './context.ts';

interface Options {
  readonly json: boolean;
}

function describe(place: QueuePlace, context: QueueContext): readonly string[] {
  if (place.kind !== 'ok') return [escapeForTerminal(refusal(place))];
  const { envPrefix, settings } = context;
  const { directory, scope } = place;
  const mark = scope === settings.scope ? ' (in force here)' : '';
  return [
    `${titleOf(place, context)}${mark}: ${escapeForTerminal(directory)}`,
    ...statusLines(
      readQueueStatus(directory, scope),
      { envPrefix, ownName: ownName(process.env) },
      Date.now(),
    ),
  ];
}

function run({ json }: Options): void {
  const context = openContext();
  if (context === null) return;
  const { settings } = context;
  const places = openBoth(context);
  if (json) {
    const queues = places.map((place) =>
      place.kind === 'ok' ? readQueueStatus(place.directory, place.scope) : { refused: refusal(place) },
    );
    print(JSON.stringify({ scope: settings.scope, queues }));
  } else {
    print(places.map((place) => describe(place, context).join('\n')).join('\n\n'));
  }
  const [inForce] = places;
  if (inForce !== undefined && inForce.kind !== 'ok') fail(exitStatus.waitTimedOut, refusal(inForce));
}

/** `test-governor queue status`: who holds the queues, and who waits. */
export const statusCommand: CommandModule<object, Options> = {
  command: 'status',
  describe: 'Say who holds the queues, since when, who waits and for how long',
  builder: (parser: Argv<object>) =>
    parser
      .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' })
      .example('$0 queue status', 'the queue of this repository, and the one of the machine')
      .example("$0 queue status --json | jq '.queues[0].tickets | length'", 'how many wait'),
  handler: run,
};
