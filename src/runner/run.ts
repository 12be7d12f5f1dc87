import { loadConfig } from '../config.ts';
import { defaultEnvPrefix, type Environment } from '../env.ts';
import { exitStatus } from '../exit-status.ts';
import { lineage } from '../process-identity.ts';
import { leaseAbove } from '../queue/lease.ts';
import { giveUpLease, takeLease } from '../queue/lease-holder.ts';
import { findRepository } from '../repository.ts';
import { openStateDirectory } from '../state-directory.ts';
import { intents } from './intents/index.ts';
import { parseRunRequest, runDirectory } from './request.ts';
import { startRunner } from './start.ts';

/** Where a governed run is asked for. */
export interface RunContext {
  readonly environment: Environment;
  readonly cwd: string;
  readonly isTerminal: boolean;
  /** Prints one line on standard error. */
  readonly say: (line: string) => void;
}

function usage(): string {
  const lines = Object.entries(intents).map(([name, entry]) => `  ${name.padEnd(16)} ${entry.summary}`);
  return ['usage: test-governor run <intent> [-- <arguments>]', '', ...lines].join('\n');
}

/** The environment of everything below a governed run: the marker, its lease, and no decision of an earlier asker. */
function insideEnvironment(environment: Environment, envPrefix: string, lease: string): Environment {
  const { [`${envPrefix}_GUARD_DECISION`]: _, ...rest } = environment;
  return { ...rest, [`${envPrefix}_GOVERNED_CONTEXT`]: '1', [`${envPrefix}_GOVERNED_LEASE`]: lease };
}

/**
 * `test-governor run …`: plans what the intent asks for, takes a lease, by which everything below the run is known
 * as governed, and runs it.
 * @returns the exit status: the runner's own, 64 for what is not allowed, 75 when no lease can be had.
 */
export async function run(words: readonly string[], context: RunContext): Promise<number> {
  const refuse = (sentence: string) => {
    context.say(`test-governor: ${sentence}`);
    return exitStatus.usage;
  };
  const request = parseRunRequest(words);
  if (request.kind === 'help') {
    context.say(usage());
    return 0;
  }
  if (request.kind === 'refused') return refuse(request.sentence);

  const { environment } = context;
  const directory = runDirectory(context.cwd, environment);
  const config = loadConfig(directory);
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const state = openStateDirectory({
    environment,
    envPrefix,
    cwd: directory,
    mainWorktree: (from) => findRepository(from)?.mainWorktree ?? null,
  });
  if (state.kind === 'refused') {
    context.say(`test-governor: the run cannot be registered: ${state.reason}`);
    return exitStatus.waitTimedOut;
  }
  if (leaseAbove(state.path, lineage(process.pid)) !== null) {
    return refuse('this is inside a governed run already: start the runner itself, for example npx jest');
  }
  const plan = intents[request.intent].plan(request.args, {
    directory,
    environment,
    envPrefix,
    isTerminal: context.isTerminal,
  });
  if (plan.kind === 'refused') return refuse(plan.sentence);

  const lease = takeLease(state.path);
  if (lease.kind === 'failed') {
    context.say(`test-governor: the run cannot be registered: ${lease.reason}`);
    return exitStatus.waitTimedOut;
  }
  try {
    const end = await startRunner(plan.program, plan.args, {
      cwd: directory,
      environment: insideEnvironment(environment, envPrefix, lease.id),
    });
    switch (end.kind) {
      case 'ended':
        return end.status;
      case 'not-started':
        context.say(`test-governor: ${plan.program.file} cannot be started: ${end.reason}`);
        return exitStatus.notFound;
      default:
        return end satisfies never;
    }
  } finally {
    giveUpLease(state.path, lease.id);
  }
}
