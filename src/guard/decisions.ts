import { closeSync, lstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identify, isSameProcess, liveness, type ProcessIdentity } from '../process-identity.ts';
import { openProcessTable, type ProcessTable } from '../process-table.ts';
import { randomHex } from '../random-hex.ts';
import { openPrivateDirectory } from '../state-directory.ts';
import type { Layer } from '../telemetry/event.ts';
import {
  type DecisionKind,
  type DecisionRecord,
  isOurs,
  listTokens,
  readDecision,
} from './decision-record.ts';

export type { DecisionKind, DecisionRecord } from './decision-record.ts';

/** How many records one call may look into to remove them. */
const collectLimit = 32;

/** A younger record is never collected: its command may still be on the way to its first shim. */
const graceMs = 60_000;

/**
 * A shell outlives its commands by days. When nothing has adopted its record for this long, nor still runs, it is
 * collected; should its command run on and start another suspect, that is asked about once more.
 */
const idleMs = 10 * 60_000;

/** A record of which we cannot see whether it still lives (another container's) is kept for a week. */
const unseenMs = 7 * 24 * 3600_000;

/** Start times are known to a few ticks, and a file's time lags by one more. */
const clockSlackMs = 2000;

/** True when the subject is a shell, above every later command too, and not the process that became the command. */
function isShell(layer: Layer): boolean {
  switch (layer) {
    case 'text':
    case 'function':
      return true;
    case 'shim':
    case 'preload':
      return false;
    default:
      return layer satisfies never;
  }
}

/** True when bare pids in the record are meant as we mean them: not those of an earlier boot or another container. */
function hasOurPids({ subject }: DecisionRecord, table: ProcessTable): boolean {
  return subject.bootId === table.bootId && subject.namespace === table.namespace;
}

/** Whether the process that now has an adopted pid can be the one that wrote it. */
function mayBeAdopter(decision: DecisionRecord, pid: number, table: ProcessTable): boolean {
  const sighting = table.sight(pid);
  return (
    sighting.kind === 'running' &&
    (sighting.startedAt === null || sighting.startedAt <= decision.changedAt + clockSlackMs)
  );
}

function isDead(decision: DecisionRecord, now: number, table: ProcessTable): boolean {
  const age = now - decision.changedAt;
  if (age < graceMs) {
    return false;
  }
  const isAdopted =
    hasOurPids(decision, table) && decision.adopted.some((pid) => mayBeAdopter(decision, pid, table));
  const state = liveness(decision.subject, table);
  switch (state) {
    case 'alive':
      return isShell(decision.layer) && age > idleMs && !isAdopted;
    case 'unknown':
      return age > unseenMs;
    case 'dead':
      return !isAdopted;
    default:
      return state satisfies never;
  }
}

/** True for an old file of ours that is no record: its writer died or the disk was full. May throw. */
function isOldRubbish(path: string, now: number): boolean {
  const stats = lstatSync(path);
  return isOurs(stats) && now - stats.mtimeMs >= graceMs;
}

/** What `recordDecision` needs to know. */
export interface DecisionRequest {
  /** `decisions` below the user's directory; made when it is not there. */
  readonly directory: string;
  /** The shell that read the text, or the process that becomes the command. */
  readonly subjectPid: number;
  readonly layer: Layer;
  readonly kind: DecisionKind;
}

/**
 * Records that a command may run and gives the token under which everything below it finds that. Null when it cannot
 * be stored; the layers below then ask again, which is all the harm. Never throws.
 */
export function recordDecision(
  request: DecisionRequest,
  table: ProcessTable = openProcessTable(),
): string | null {
  const subject = identify(request.subjectPid, table);
  if (
    subject === null ||
    openPrivateDirectory(dirname(request.directory)).kind !== 'ok' ||
    openPrivateDirectory(request.directory).kind !== 'ok'
  ) {
    return null;
  }
  const token = randomHex(16);
  if (token === null) {
    return null;
  }
  const line = Buffer.from(`${JSON.stringify({ layer: request.layer, kind: request.kind, subject })}\n`);
  const path = join(request.directory, token);
  try {
    const descriptor = openSync(path, 'wx', 0o600);
    try {
      if (writeSync(descriptor, line) === line.length) {
        return token;
      }
    } finally {
      closeSync(descriptor);
    }
    unlinkSync(path);
    return null;
  } catch {
    return null;
  }
}

/** Who asks whether a decision already covers it. */
export interface CoverageQuestion {
  readonly directory: string;
  /** The token in the asking process's environment, if there is one. */
  readonly token: string | undefined;
  /** The asking process and its ancestors, nearest first: `lineage(pid)`. */
  readonly lineage: readonly ProcessIdentity[];
}

function coversByAncestry(
  decision: DecisionRecord,
  lineage: readonly ProcessIdentity[],
  table: ProcessTable,
): boolean {
  if (!isShell(decision.layer) && lineage.some((process) => isSameProcess(process, decision.subject))) {
    return true;
  }
  return (
    hasOurPids(decision, table) &&
    lineage.some(({ pid }) => decision.adopted.includes(pid) && mayBeAdopter(decision, pid, table))
  );
}

/**
 * The decision that covers a process: the one its token names, else one that an ancestor of it became or adopted
 * (environments get scrubbed on the way). Null when there is none; a token that is forged, a path, or the name of
 * a file that is not ours counts for nothing. Never throws.
 */
export function findCovering(
  question: CoverageQuestion,
  table: ProcessTable = openProcessTable(),
): DecisionRecord | null {
  const { directory, token, lineage } = question;
  const named = token === undefined ? null : readDecision(directory, token);
  if (named !== null || lineage.length === 0) {
    return named;
  }
  for (const candidate of listTokens(directory)) {
    const decision = readDecision(directory, candidate);
    if (decision !== null && coversByAncestry(decision, lineage, table)) {
      return decision;
    }
  }
  return null;
}

/**
 * Removes a few records whose processes are all gone. Bounded work, never throws; a record that stays is looked at
 * by a later call, since each begins at another place.
 */
export function collectDecisions(
  directory: string,
  now: number = Date.now(),
  table: ProcessTable = openProcessTable(),
): void {
  const names = listTokens(directory);
  const first = Math.floor(Math.random() * names.length);
  for (const name of [...names.slice(first), ...names.slice(0, first)].slice(0, collectLimit)) {
    const path = join(directory, name);
    const decision = readDecision(directory, name);
    try {
      if (decision === null ? isOldRubbish(path, now) : isDead(decision, now, table)) {
        unlinkSync(path);
      }
    } catch {
      // Another command collected it at the same moment, or the disk is read-only: nothing depends on it.
      return;
    }
  }
}
