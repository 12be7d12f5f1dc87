// Appends events under the hardship that its first argument names, in the state directory that its second names,
// and prints what came of it as JSON.
import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { appendEvent } from '../../../src/telemetry/append.ts';
import { sampleEvent } from '../sample.ts';

const [hardship = '', directory = ''] = process.argv.slice(2);

const live = join(directory, 'events.jsonl');

let slowestMs = 0;

/** Appends one event; gives the reason when it was not written. */
function append(sequence: number): string | null {
  const before = performance.now();
  const result = appendEvent(directory, sampleEvent({ queued_ms: sequence }));
  slowestMs = Math.max(slowestMs, performance.now() - before);
  return result.kind === 'written' ? null : result.reason;
}

/** Appends until the first failure, then three times more; gives the reasons. */
function appendUntilRefused(limit: number): { written: number; reasons: readonly (string | null)[] } {
  let written = 0;
  let reason: string | null = null;
  while (written < limit && reason === null) {
    reason = append(written);
    written += reason === null ? 1 : 0;
  }
  return { written, reasons: [reason, append(-1), append(-2), append(-3)] };
}

function report(result: Readonly<Record<string, unknown>>): void {
  process.stdout.write(JSON.stringify({ ...result, slowestMs: Math.ceil(slowestMs) }));
}

switch (hardship) {
  case 'full': {
    const filler = join(directory, 'filler');
    writeFileSync(filler, Buffer.alloc(32 * 1024));
    const refused = appendUntilRefused(100_000);
    unlinkSync(filler);
    const after = append(100_000);
    report({ ...refused, after, text: readFileSync(live, 'utf8') });
    break;
  }
  case 'size-limit': {
    const refused = appendUntilRefused(100_000);
    const before = readFileSync(live, 'utf8');
    renameSync(live, join(directory, 'aside'));
    const after = append(100_000);
    // The signal that the limit sends is heard of in a later turn of the event loop.
    setTimeout(() => report({ ...refused, after, text: `${before}\n${readFileSync(live, 'utf8')}` }), 50);
    break;
  }
  case 'read-only':
    report(appendUntilRefused(100_000));
    break;
  case 'unprivileged': {
    // Everything is loaded by now; from here on the files are touched as a user who may not write.
    chmodSync(directory, 0o500);
    process.seteuid?.(process.geteuid?.() === 0 ? 65534 : (process.geteuid?.() ?? -1));
    report(appendUntilRefused(1));
    break;
  }
  case 'no-descriptors': {
    const open: number[] = [];
    try {
      for (;;) {
        open.push(openSync('/dev/null', 'r'));
      }
    } catch {
      const refused = appendUntilRefused(1);
      for (const descriptor of open) {
        closeSync(descriptor);
      }
      report({ ...refused, after: append(1), names: readdirSync(directory) });
    }
    break;
  }
  default:
    throw new Error(`no such hardship: ${hardship}`);
}
