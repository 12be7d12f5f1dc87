import { closeSync, constants, fstatSync, opendirSync, openSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type ProcessIdentity, parseIdentity } from '../process-identity.ts';
import type { Layer } from '../telemetry/event.ts';

/** What was decided for a command that may run. */
export type DecisionKind = 'harmless' | 'governed' | 'warned' | 'overridden';

/** A decision as its file tells it. */
export interface DecisionRecord {
  readonly token: string;
  readonly layer: Layer;
  readonly kind: DecisionKind;
  /** The shell that read the text, or the process that became the command. */
  readonly subject: ProcessIdentity;
  /** Pids of shims and preloads below, each added by itself. */
  readonly adopted: readonly number[];
  /** When the file last changed, milliseconds since the epoch: no adopted process can have started later. */
  readonly changedAt: number;
}

const tokenPattern = /^[0-9a-f]{32}$/;

/** More than a command with thousands of children writes; the rest of a longer file is not read. */
const readLimit = 64 * 1024;

/** How many names one call looks at. */
const scanLimit = 512;

const layers: readonly string[] = ['text', 'shim', 'preload', 'function'] satisfies readonly Layer[];
const kinds: readonly string[] = [
  'harmless',
  'governed',
  'warned',
  'overridden',
] satisfies readonly DecisionKind[];

function isLayer(value: unknown): value is Layer {
  return typeof value === 'string' && layers.includes(value);
}

function isKind(value: unknown): value is DecisionKind {
  return typeof value === 'string' && kinds.includes(value);
}

/** True for a plain file of our own that nobody else can write to. */
export function isOurs(stats: Stats): boolean {
  return stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0;
}

function parse(token: string, text: string, changedAt: number): DecisionRecord | null {
  const [first = '', ...rest] = text.split('\n');
  let value: unknown;
  try {
    value = JSON.parse(first);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const { layer, kind, subject: named }: Partial<Record<'layer' | 'kind' | 'subject', unknown>> = value;
  const subject = parseIdentity(named);
  if (!isLayer(layer) || !isKind(kind) || subject === null) {
    return null;
  }
  // Without its newline the last line may be half a pid.
  const adopted = rest.slice(0, -1).filter((line) => /^[1-9]\d{0,9}$/.test(line));
  return { token, layer, kind, subject, adopted: adopted.map(Number), changedAt };
}

/** Reads one record; null when its token is none, there is no such file, or it is not a well-formed file of our own. */
export function readDecision(directory: string, token: string): DecisionRecord | null {
  if (!tokenPattern.test(token)) {
    return null;
  }
  let descriptor: number;
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(join(directory, token), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!isOurs(stats)) {
      return null;
    }
    const bytes = Buffer.alloc(Math.min(stats.size, readLimit));
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return parse(token, bytes.toString('latin1', 0, length), stats.mtimeMs);
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** The tokens in a directory of decisions, 512 at most; none when it is not there. */
export function listTokens(directory: string): readonly string[] {
  const found: string[] = [];
  try {
    const handle = opendirSync(directory, { bufferSize: scanLimit });
    try {
      for (
        let entry = handle.readSync();
        entry !== null && found.length < scanLimit;
        entry = handle.readSync()
      ) {
        if (tokenPattern.test(entry.name)) {
          found.push(entry.name);
        }
      }
    } finally {
      handle.closeSync();
    }
  } catch {
    return found;
  }
  return found;
}
