// What is done to contenders and to the queue's files while they run.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog } from './log.mjs';
import { cancelTicket } from './stage.mjs';

function list(stage, place) {
  try {
    return readdirSync(join(stage.queue, place)).filter((name) => name.endsWith('.json'));
  } catch {
    // The queue is not there at this moment.
    return [];
  }
}

/** Sends a signal; false when there is nobody to take it. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The live processes below `pid`, itself not among them. */
function descendants(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended since it was listed.
    }
  }
  const found = new Set();
  const isBelow = (child) => {
    for (let at = parents.get(child); at !== undefined; at = parents.get(at)) if (at === pid) return true;
    return false;
  };
  for (const child of parents.keys()) if (isBelow(child)) found.add(child);
  return [...found];
}

function idOfTicket(stage, pid) {
  for (const name of list(stage, 'tickets')) {
    try {
      const { id, holder } = JSON.parse(readFileSync(join(stage.queue, 'tickets', name), 'utf8'));
      if (holder.pid === pid) return id;
    } catch {
      // Taken, or damaged.
    }
  }
  return null;
}

/**
 * Does one thing to a contender.
 * @returns {Promise<string>} what was done, for the history.
 */
export async function applyFault(stage, { name, child }, fault) {
  const { pid } = child;
  switch (fault.kind) {
    case 'kill-wrapper':
      return `kill -9 ${name}: ${send(pid, 'SIGKILL')}`;
    case 'kill-all': {
      const below = descendants(pid);
      const hit = [pid, ...below].filter((each) => send(each, 'SIGKILL'));
      return `kill -9 ${name} and all below: ${hit.length}`;
    }
    case 'kill-tests': {
      const job = readLog(stage.directory).findLast(
        ({ event, contender }) => event === 'start' && contender === name,
      );
      const isHit = job !== undefined && descendants(pid).includes(job.pid) && send(job.pid, 'SIGKILL');
      return `kill -9 tests of ${name}: ${isHit}`;
    }
    case 'stop': {
      const isHit = send(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, fault.forMs));
      send(pid, 'SIGCONT');
      return `stopped ${name} for ${fault.forMs} ms: ${isHit}`;
    }
    case 'cancel': {
      const id = idOfTicket(stage, pid);
      if (id !== null) await cancelTicket(stage, id);
      return `cancelled ${name}: ${id}`;
    }
    default:
      return `${fault.kind} to ${name}: ${send(pid, fault.kind)}`;
  }
}

function spoil(stage, place, text) {
  const [name] = list(stage, place);
  if (name === undefined) return `no file in ${place} to damage`;
  writeFileSync(join(stage.queue, place, name), text);
  return `damaged ${place}/${name}`;
}

/** Removes the directory although others write into it, which no single attempt survives for sure. */
function removeQueue(directory) {
  for (let tries = 0; tries < 100; tries++) {
    try {
      rmSync(directory, { recursive: true, force: true });
      return;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** Does one thing to the queue's files; gives what was done, for the history. */
export function applyDamage(stage, { kind }) {
  switch (kind) {
    case 'remove-queue':
      removeQueue(stage.queue);
      return 'rm -rf queue';
    case 'damage-ticket':
      return spoil(stage, 'tickets', '{"id":"');
    case 'damage-lease':
      return spoil(stage, 'leases', '\0\0\0\0');
    case 'remove-ticket': {
      const name = list(stage, 'tickets').at(-1);
      if (name !== undefined) rmSync(join(stage.queue, 'tickets', name), { force: true });
      return `removed ticket ${name}`;
    }
    case 'foreign-files':
      try {
        writeFileSync(join(stage.queue, 'tickets', 'README'), 'not a ticket\n');
        writeFileSync(join(stage.queue, 'tickets', '000000000001-0123456789abcdef.json'), '');
        writeFileSync(join(stage.queue, 'leases', '.swp'), '');
      } catch {
        return 'no queue to put foreign files into';
      }
      return 'foreign files, an empty ticket among them';
    default:
      throw new Error(`no such damage: ${kind}`);
  }
}
