import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { lineStart } from '../../telemetry/event.ts';
import { liveName, rotatedNames } from '../../telemetry/rotate.ts';

/** What `status` counts of one event. */
export interface EventFacts {
  /** ISO 8601 in UTC; texts of it sort as the times do. */
  readonly ts: string;
  readonly event: string;
  readonly outcome: string;
  readonly form: string | null;
  readonly overridesPolicy: boolean;
  readonly overridesOverload: boolean;
  readonly queuedMs: number | null;
}

/** Bytes that are read at once. Texts of this size are young garbage, which costs nothing; larger ones are collected apart. */
const chunkBytes = 32 * 1024;

/** A longer line is none of ours: events have no arguments in them. */
const longestLine = 64 * 1024;

/**
 * Reads fields of one line, as JSON has their values; null where a field is missing or null. Asked for in the order in which they
 * stand, they are found in one pass; in any other order they are found as well.
 */
function fieldsOf(line: string): (key: string) => string | null {
  let from = 0;
  return (key) => {
    const ahead = line.indexOf(key, from);
    const at = ahead === -1 ? line.indexOf(key) : ahead;
    if (at === -1) return null;
    const start = at + key.length;
    if (line.charCodeAt(start) !== quote) {
      let end = start;
      while (end < line.length && !isDelimiter(line.charCodeAt(end))) end++;
      from = end;
      const value = line.slice(start, end);
      return value === 'null' || value === '' ? null : value;
    }
    let end = line.indexOf('"', start + 1);
    while (end !== -1 && line[end - 1] === '\\') end = line.indexOf('"', end + 1);
    from = Math.max(end, 0);
    return end === -1 ? null : line.slice(start + 1, end);
  };
}

const quote = 0x22;

/** A comma or the end of the object. */
function isDelimiter(code: number): boolean {
  return code === 0x2c || code === 0x7d;
}

/**
 * Reads the few fields that are counted, without parsing the line: of some hundred thousand lines most of the time would go into
 * making objects.
 * @param since ISO 8601: of what is older, nothing more is read.
 * @returns null for what is no line of ours, or older.
 */
export function factsIn(line: string, since = ''): EventFacts | null {
  if (!line.startsWith(lineStart) || !line.endsWith('}')) return null;
  const field = fieldsOf(line);
  const event = field('"event":');
  const ts = field('"ts":');
  if (event === null || ts === null || ts < since) return null;
  const queued = field('"queued_ms":');
  const overridesPolicy = field('"override_policy_used":') === 'true';
  const overridesOverload = field('"override_overload_used":') === 'true';
  const outcome = field('"outcome":');
  if (outcome === null) return null;
  return {
    ts,
    event,
    outcome,
    form: event === 'intercepted' ? field('"form":') : null,
    overridesPolicy,
    overridesOverload,
    queuedMs: queued === null ? null : Number(queued),
  };
}

/**
 * The lines of one file, oldest first; those of a file that cannot be read are none, and neither a link nor a pipe in its place is one.
 * Lines are ASCII but for user names.
 */
function* linesOf(path: string): Generator<string> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return;
    const chunk = Buffer.alloc(chunkBytes);
    let rest = '';
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, null);
      if (length === 0) break;
      const text = rest + chunk.toString('latin1', 0, length);
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        yield text.slice(start, end);
        start = end + 1;
      }
      // A file without newlines is none of ours, and must not fill the memory.
      rest = text.length - start > longestLine ? '' : text.slice(start);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** When a rotated file was moved aside: all its events are older than that. */
function rotatedAt(name: string): string {
  const [, year, month, day, hour, minute, second] =
    /^events-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(name) ?? [];
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.999Z`;
}

/** The events of a state directory since a time (ISO 8601), oldest file first. Never throws. */
export function* scanEvents(stateDirectory: string, since: string): Generator<EventFacts> {
  const rotated = rotatedNames(stateDirectory).filter((name) => rotatedAt(name) >= since);
  for (const name of [...rotated, liveName]) {
    for (const line of linesOf(join(stateDirectory, name))) {
      const facts = factsIn(line, since);
      if (facts !== null) yield facts;
    }
  }
}
