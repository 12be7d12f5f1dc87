import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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
  readonly waitReason: string | null;
}

/** Bytes that are read at once. */
const chunkBytes = 4 * 1024 * 1024;

/** The value of a field in one line, as JSON has it; null where the field is missing or null. */
function fieldOf(line: string, field: string): string | null {
  const at = line.indexOf(`"${field}":`);
  if (at === -1) return null;
  const start = at + field.length + 3;
  if (line[start] !== '"') {
    const end = line.slice(start).search(/[,}]/);
    const value = end === -1 ? '' : line.slice(start, start + end);
    return value === 'null' || value === '' ? null : value;
  }
  let end = line.indexOf('"', start + 1);
  while (end !== -1 && line[end - 1] === '\\') end = line.indexOf('"', end + 1);
  return end === -1 ? null : line.slice(start + 1, end);
}

/**
 * Reads the few fields that are counted, without parsing the line: of some hundred thousand lines most of the time would go into
 * making objects. Null for what is no line of ours.
 */
export function factsIn(line: string): EventFacts | null {
  if (!line.startsWith(lineStart) || !line.endsWith('}')) return null;
  const ts = fieldOf(line, 'ts');
  const event = fieldOf(line, 'event');
  const outcome = fieldOf(line, 'outcome');
  if (ts === null || event === null || outcome === null) return null;
  const queued = fieldOf(line, 'queued_ms');
  return {
    ts,
    event,
    outcome,
    form: event === 'intercepted' ? fieldOf(line, 'form') : null,
    overridesPolicy: line.includes('"override_policy_used":true'),
    overridesOverload: line.includes('"override_overload_used":true'),
    queuedMs: queued === null ? null : Number(queued),
    waitReason: event === 'run' ? fieldOf(line, 'wait_reason') : null,
  };
}

/** The lines of one file, oldest first; those of a file that cannot be read are none. Lines are ASCII but for user names. */
function* linesOf(path: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
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
      rest = text.length - start > chunkBytes ? '' : text.slice(start);
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
      const facts = factsIn(line);
      if (facts !== null && facts.ts >= since) yield facts;
    }
  }
}
