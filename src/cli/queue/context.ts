import { loadConfig } from '../../config.ts';
import { defaultEnvPrefix, type Environment } from '../../env.ts';
import { exitStatus } from '../../exit-status.ts';
import { ancestorDetails, readDetails } from '../../process-details.ts';
import { identify, type ProcessIdentity } from '../../process-identity.ts';
import { type Caller, findCaller, isManager } from '../../queue/caller.ts';
import { inspectQueue, machineStatePath, type QueuePlace, type QueueScope } from '../../queue/scope.ts';
import { mainWorktree } from '../../repository.ts';
import { type RunSettings, readRunSettings } from '../../runner/settings.ts';
import { fail } from '../output.ts';

/** What every command of the queue needs to know first. */
export interface QueueContext {
  readonly environment: Environment;
  readonly envPrefix: string;
  readonly cwd: string;
  readonly settings: RunSettings;
  /** The queue of one scope. */
  open(scope: QueueScope): QueuePlace;
}

/** A queue that can be used. */
export type OpenQueue = Extract<QueuePlace, { kind: 'ok' }>;

/** Reads config and environment; null when they are wrong, which was said then. */
export function openContext(): QueueContext | null {
  const cwd = process.cwd();
  const environment = process.env;
  const config = loadConfig(cwd);
  const envPrefix = (config.kind === 'ok' ? config.config.envPrefix : undefined) ?? defaultEnvPrefix;
  const read = readRunSettings(environment, envPrefix, config);
  if (read.kind === 'invalid') {
    fail(read.status, read.sentence);
    return null;
  }
  return {
    environment,
    envPrefix,
    cwd,
    settings: read.settings,
    open: (scope) => inspectQueue({ environment, envPrefix, cwd, mainWorktree }, scope),
  };
}

/** Which queue it is, for people. */
export function titleOf({ scope, state }: OpenQueue, { environment, envPrefix, cwd }: QueueContext): string {
  // Without a repository, and in one of another user, there is only the machine's.
  if (scope === 'machine' || state === machineStatePath(environment, envPrefix, cwd)) {
    return 'Queue of this machine';
  }
  return mainWorktree(cwd) === null ? 'Queue of this state directory' : 'Queue of this repository';
}

/** Both queues, the one in force first; once when they are the same, as they are outside of any repository. */
export function openBoth(context: QueueContext): readonly QueuePlace[] {
  const { scope } = context.settings;
  const inForce = context.open(scope);
  const other = context.open(scope === 'repo' ? 'machine' : 'repo');
  return isSameQueue(inForce, other) ? [inForce] : [inForce, other];
}

function isSameQueue(a: QueuePlace, b: QueuePlace): boolean {
  return (
    (a.kind === 'ok' && b.kind === 'ok' && a.directory === b.directory) ||
    (a.kind === 'refused' && b.kind === 'refused' && a.reason === b.reason)
  );
}

/** The queues that can be used; says why when the one in force cannot be, and gives null. */
export function openUsable(context: QueueContext): readonly OpenQueue[] | null {
  const places = openBoth(context);
  const [inForce] = places;
  if (inForce !== undefined && inForce.kind !== 'ok') {
    fail(exitStatus.waitTimedOut, refusal(inForce));
    return null;
  }
  return places.filter((place) => place.kind === 'ok');
}

/** Why a queue cannot be used, and what helps. */
export function refusal({ reason, mend }: Extract<QueuePlace, { kind: 'refused' }>): string {
  return `the queue cannot be used: ${reason}; to mend that: ${mend}`;
}

/** Reads a whole number from an option; null when it is none, which was said then. */
export function readCount(option: string, text: string, least: number): number | null {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  fail(
    exitStatus.usage,
    `--${option}: "${text}" is no whole number from ${least} on, for example --${option} ${least + 1}`,
  );
  return null;
}

function describeCaller(caller: Exclude<Caller, { kind: 'found' }>): string {
  switch (caller.kind) {
    case 'launcher':
      return `it was started through ${caller.name}, which ends with it; say which process is to hold the place: --pid $$`;
    case 'manager':
      return `the process that called it has ended, or is ${caller.name}, which starts other programs too; say which one is to hold the place: --pid $$`;
    case 'none':
      return 'the process that called it cannot be seen; say which one is to hold the place: --pid $$';
    default:
      return caller satisfies never;
  }
}

/** The process that `--pid` names; null when it is none that can hold a place, which was said then. */
function readNamed(pid: string, ownSession: string | null): ProcessIdentity | null {
  const number = readCount('pid', pid, 1);
  if (number === null) return null;
  const refuse = (sentence: string) => {
    fail(exitStatus.usage, `--pid ${number}: ${sentence}; in a shell script its own is --pid $$`);
    return null;
  };
  const named = identify(number);
  if (named === null) return refuse('there is no such process');
  const details = readDetails(number);
  // All that it starts would lie within its place, and wait for nobody any more.
  return details !== null && isManager(details, ownSession)
    ? refuse(`that is ${details.name}, which starts other programs too`)
    : named;
}

/** The process to which a place is bound: the one named, else our caller. Null when there is none, which was said then. */
export function readHolder(pid: string | undefined): ProcessIdentity | null {
  const ownSession = readDetails(process.pid)?.session ?? null;
  if (pid !== undefined) return readNamed(pid, ownSession);
  const caller = findCaller(ancestorDetails(process.pid), ownSession);
  if (caller.kind !== 'found') {
    fail(exitStatus.usage, describeCaller(caller));
    return null;
  }
  const holder = identify(caller.pid);
  if (holder === null) fail(exitStatus.usage, describeCaller({ kind: 'none' }));
  return holder;
}
