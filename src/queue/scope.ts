import { below } from '../below.ts';
import { type Environment, readVariable } from '../env.ts';
import {
  chooseState,
  openPrivateDirectory,
  openStateDirectory,
  type StateDirectory,
  type StateLocation,
  userDirectory,
} from '../state-directory.ts';
import { queueDirectory, queueFault } from './places.ts';

/** Which runs wait for each other: those of one repository with all its worktrees, or all of this user on this machine. */
export type QueueScope = 'repo' | 'machine';

/** The queue that applies in one place, or why it cannot be used. */
export type QueuePlace =
  | {
      readonly kind: 'ok';
      readonly scope: QueueScope;
      /** Where the queue's files lie. */
      readonly directory: string;
      /** The state directory around it. */
      readonly state: string;
    }
  | {
      readonly kind: 'refused';
      readonly scope: QueueScope;
      /** One sentence without its full stop (paths in it are not escaped). */
      readonly reason: string;
      /** The command that mends it. */
      readonly mend: string;
    };

/** The path of the state directory for this user's machine-wide queue. With a `…_STATE_DIR`, below that. */
export function machineStatePath(environment: Environment, envPrefix: string, cwd: string): string {
  const user = userDirectory(environment, envPrefix, cwd);
  return readVariable(environment, envPrefix, 'STATE_DIR') === undefined ? user : below(user, 'machine');
}

/** Reads `…_TEST_LOCK_SCOPE`; the word itself when it is none. */
export function scopeFrom(
  environment: Environment,
  envPrefix: string,
): QueueScope | { readonly unknown: string } {
  const value = readVariable(environment, envPrefix, 'TEST_LOCK_SCOPE') ?? 'repo';
  return value === 'repo' || value === 'machine' ? value : { unknown: value };
}

/** Whoever can write to the directory around it can put another one in its place, so that is checked as well. */
function openMachineState({
  environment,
  envPrefix,
  cwd,
}: StateLocation): ReturnType<typeof openPrivateDirectory> {
  const around = openPrivateDirectory(userDirectory(environment, envPrefix, cwd));
  if (around.kind === 'refused') return around;
  return openPrivateDirectory(machineStatePath(environment, envPrefix, cwd));
}

/**
 * Finds and opens the queue of a scope. Outside of any repository the repository's queue is the user's own, which is the
 * machine's. A directory that belongs to another user, or that others can write to, is refused. Never throws.
 * @param opened the location's state directory, from whoever has opened it.
 */
export function openQueue(location: StateLocation, scope: QueueScope, opened?: StateDirectory): QueuePlace {
  const state = scope === 'machine' ? openMachineState(location) : (opened ?? openStateDirectory(location));
  return state.kind === 'refused'
    ? { kind: 'refused', scope, reason: state.reason, mend: chooseState(location.envPrefix) }
    : { kind: 'ok', scope, directory: queueDirectory(state.path), state: state.path };
}

/**
 * Opens the queue of a scope as {@link openQueue} does, and refuses one in whose place something else stands. For those who look at
 * the queue: a run finds that out when it fails, and its start need not wait for it.
 */
export function inspectQueue(location: StateLocation, scope: QueueScope): QueuePlace {
  const place = openQueue(location, scope);
  const fault = place.kind === 'ok' ? queueFault(place.directory) : null;
  if (fault === null) return place;
  const { path, detail, mend } = fault;
  const reason = `${path} ${detail}`;
  return { kind: 'refused', scope, reason, mend: `${mend}, or ${chooseState(location.envPrefix)}` };
}
