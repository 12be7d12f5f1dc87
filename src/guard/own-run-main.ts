import { join } from 'node:path';
import { exitStatus } from '../exit-status.ts';
import { exitWith } from '../runner/output.ts';
import { standardError } from '../runner/standard-error.ts';
import { isWatched } from '../runner/terminal.ts';
import { endWithParent } from './end-with-parent.ts';
import { type OwnCommand, runOwn } from './own-run.ts';
import { currentDirectory } from './question.ts';

/** What a layer says: the prefix of its variables, itself, its pid, the program that it would have become, and the command. */
interface Handover {
  readonly envPrefix: string;
  readonly pid: number;
  readonly command: OwnCommand;
}

function readHandover(words: readonly string[]): Handover | null {
  const [envPrefix, layer, pidText, program, ...argv] = words;
  const pid = Number(pidText);
  if (envPrefix === undefined || program === undefined || argv.length === 0) return null;
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (layer !== 'shim' && layer !== 'preload' && layer !== 'function') return null;
  return { envPrefix, pid, command: { layer, program, argv } };
}

async function main(): Promise<number> {
  const output = standardError;
  const handover = readHandover(process.argv.slice(2));
  if (handover === null) {
    output.say(
      'test-governor: this is started by the shims, hooks and the preload alone; see docs/layers.md.',
    );
    return exitStatus.usage;
  }
  const { env } = process;
  const { command, envPrefix } = handover;
  // A process that waits for us with its hands tied cannot pass a signal on; when it is gone, nobody wants the tests any more. Python
  // has become us instead, with its own pid.
  if (command.layer === 'preload' && handover.pid !== process.pid) endWithParent(handover.pid);
  return runOwn(command, {
    asker: { environment: env, cwd: currentDirectory(), envPrefix, colour: false },
    pid: process.pid,
    get isTerminal() {
      return isWatched();
    },
    preload: join(__dirname, '..', 'hooks', 'preload.cjs'),
    output,
  });
}

exitWith(main());
