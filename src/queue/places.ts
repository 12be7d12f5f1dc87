import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { below } from '../below.ts';
import {
  type DirectoryFault,
  DirectoryFaultError,
  directoryFault,
  explained,
  firstFault,
} from '../directory-fault.ts';
import { errorCode } from '../error-code.ts';
import { readWithoutWaiting } from '../read-without-waiting.ts';
import { openPrivateDirectory } from '../state-directory.ts';
import { fileName, idOf } from './ticket.ts';

/**
 * The directories of one queue. A file lies in one of them at a time and goes from one to the next by a rename, which only
 * one process can win.
 */
export type Place =
  /** Waiting. */
  | 'tickets'
  /** Admitted. */
  | 'leases'
  /** Released: the notes of the last releases. */
  | 'ended'
  /** Cancelled; its owner finds it here and takes it away. */
  | 'cancelled'
  /** Given away while its owner was stopped; the owner draws a new one. */
  | 'passed-over'
  /** Set aside because it cannot be read. */
  | 'unreadable';

const places: readonly Place[] = ['tickets', 'leases', 'ended', 'cancelled', 'passed-over', 'unreadable'];

/** The queue's directory below a state directory. */
export function queueDirectory(stateDirectory: string): string {
  return below(stateDirectory, 'queue');
}

/** The directory of one place. */
function placePath(directory: string, place: Place): string {
  return below(directory, place);
}

/** The directories of a queue, from the state directory around it inwards. */
function directoriesOf(directory: string): readonly string[] {
  return [dirname(directory), directory, ...places.map((place) => placePath(directory, place))];
}

/** What stands where a queue should be, or in it where one of its directories should be; null for a queue that can be read. */
export function queueFault(directory: string): DirectoryFault | null {
  return firstFault(directoriesOf(directory));
}

/** The error to report for one that a queue's directory gave: what stands in its place, if anything does, else itself. */
export function explainedByQueue(error: unknown, directory: string): unknown {
  return explained(error, directoriesOf(directory));
}

function makeMissing(path: string): void {
  // Looked at first: nearly always it is there, and an error costs ten times as much as a look.
  if (existsSync(path)) return;
  try {
    mkdirSync(path, 0o700);
    // An unusual umask may have taken bits that we need.
    chmodSync(path, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const fault = directoryFault(path);
    if (fault !== null) throw new DirectoryFaultError(fault);
  }
}

const unsettledName = 'unsettled';

function markUnsettled(directory: string): void {
  writeFileSync(below(directory, unsettledName), '', { mode: 0o600 });
}

/** Makes the state directory around a queue anew when that went with it: with a holder that lives, its lease comes back. */
function makeSurroundings(directory: string): void {
  const state = dirname(directory);
  if (existsSync(state)) return;
  const opened = openPrivateDirectory(state);
  if (opened.kind === 'refused') throw new Error(opened.reason);
}

/**
 * Makes what is missing of a queue's directories. A queue that was not there appears whole, by a rename, and unsettled: there may
 * be runs whose leases were lost with the directory before it (`git clean -fdx`). Throws what the file system says.
 */
export function makePlaces(directory: string): void {
  if (!existsSync(directory)) {
    makeSurroundings(directory);
    const aside = `${directory}.${process.pid}`;
    makeMissing(aside);
    for (const place of places) makeMissing(placePath(aside, place));
    markUnsettled(aside);
    try {
      renameSync(aside, directory);
      return;
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      // Somebody else was faster.
      if (!['EEXIST', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
    }
  }
  // A part of it was removed, or all of it is being removed at this moment. The mark comes before what makes it look whole.
  if (!existsSync(placePath(directory, 'leases'))) markUnsettled(directory);
  for (const place of places) makeMissing(placePath(directory, place));
}

/** True while nobody has looked for runs whose leases were lost with an earlier directory. */
export function isUnsettled(directory: string): boolean {
  return existsSync(below(directory, unsettledName)) || !existsSync(placePath(directory, 'leases'));
}

/** Notes that there are no such runs. */
export function settle(directory: string): void {
  removeFile(below(directory, unsettledName));
}

/**
 * The ids of what lies in a place, first in line first; none when the place is not there. Throws when it is there and cannot be
 * listed: whoever decides by it must not take that for an empty one.
 */
export function listPlaceOrThrow(directory: string, place: Place): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(placePath(directory, place));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw explained(error, [placePath(directory, place)]);
  }
  // Names sort as their ids do (`compareIds`).
  return [...names]
    .sort()
    .map(idOf)
    .filter((id) => id !== null);
}

/** The same for those who only look: none also when it cannot be listed. Never throws. */
export function listPlace(directory: string, place: Place): readonly string[] {
  try {
    return listPlaceOrThrow(directory, place);
  } catch {
    return [];
  }
}

/** The paths of what is written beside a queue and its entries until it is published by a rename. */
export function listUnpublished(directory: string): readonly string[] {
  const beside = (path: string, pattern: RegExp): readonly string[] => {
    try {
      return readdirSync(path)
        .filter((name) => pattern.test(name))
        .map((name) => below(path, name));
    } catch {
      return [];
    }
  };
  return [
    ...beside(dirname(directory), /^queue\.\d+$/),
    ...places.flatMap((place) => beside(placePath(directory, place), /^\.\d+-[0-9a-f]{16}\.\d+$/)),
  ];
}

/** The path of an entry; its id must be one. */
export function entryPath(directory: string, place: Place, id: string): string {
  return below(placePath(directory, place), fileName(id) ?? '.no-such-entry');
}

/** The text of an entry; null when it is not there or cannot be read. */
export function readEntry(directory: string, place: Place, id: string): string | null {
  try {
    return readWithoutWaiting(entryPath(directory, place, id));
  } catch {
    return null;
  }
}

/** Whether an entry is there, readable or not. What cannot be looked at is there: nothing is taken from it. */
export function hasEntry(directory: string, place: Place, id: string): boolean {
  try {
    return lstatSync(entryPath(directory, place, id), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Writes a file of ours. Throws what the file system says. */
function writeNew(path: string, text: string): void {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    // Cheaper than writeFileSync where nothing has been written yet.
    if (writeSync(descriptor, text) === Buffer.byteLength(text)) return;
  } finally {
    closeSync(descriptor);
  }
  // Written in part: a disk that is full says so when it is asked for the rest.
  writeFileSync(path, text, { mode: 0o600 });
}

/** Publishes an entry whole, or replaces one: readers see the old text or the new one. Throws what the file system says. */
export function writeEntry(directory: string, place: Place, id: string, text: string): void {
  const path = entryPath(directory, place, id);
  const temporary = below(placePath(directory, place), `.${id}.${process.pid}`);
  try {
    writeNew(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** Moves an entry to another place; false when it is no longer where it was: somebody else moved it. */
export function moveEntry(directory: string, from: Place, to: Place, id: string): boolean {
  try {
    renameSync(entryPath(directory, from, id), entryPath(directory, to, id));
    return true;
  } catch (error) {
    const cause = explained(error, [placePath(directory, from), placePath(directory, to)]);
    if (errorCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}

/** Removes a file; false when it is not there or cannot be removed. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    // Gone already, or the disk is read-only: entries of dead processes count for nothing wherever they lie.
    return false;
  }
}

/** Removes an entry; false when it is not there or cannot be removed. */
export function removeEntry(directory: string, place: Place, id: string): boolean {
  return removeFile(entryPath(directory, place, id));
}
